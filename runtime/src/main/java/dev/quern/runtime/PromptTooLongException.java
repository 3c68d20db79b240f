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

    /** How many tokens the prompt has. */
    public int tokens() {
        return tokens;
    }

    /** How many positions there are. */
    public int room() {
        return room;
    }
}
