package dev.quern.runtime;

/** A prompt of more tokens than the model has room for. */
public final class PromptTooLongException extends PromptException {
    private static final long serialVersionUID = 1;

    private final int tokens;
    private final int room;

    /**
     * @param tokens of the prompt
     * @param room positions that there are
     */
    public PromptTooLongException(String message, int tokens, int room) {
        super(message);
        this.tokens = tokens;
        this.room = room;
    }

    /**
     * What to do for more room, in a sentence.
     *
     * @param wanted how many tokens there are, or about that many
     * @param trained for how many positions the model was trained
     */
    public static String remedy(long wanted, int trained) {
        return wanted <= trained
                ? "Shorten it, or run or compile the model with --context " + wanted
                        + " (-c) or more; it was trained for " + trained + "."
                : "Shorten it; the model was trained for no more than " + trained + ".";
    }

    /** How many tokens the prompt has. */
    public int tokens() {
        return tokens;
    }

    /** How many positions there are. */
    public int room() {
        return room;
    }
}
