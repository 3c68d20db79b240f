package dev.quern.runtime;

/** A prompt that cannot be continued. The message has the numbers and says what to do. */
public sealed class PromptException extends RuntimeException permits PromptTooLongException {
    private static final long serialVersionUID = 1;

    public PromptException(String message) {
        super(message);
    }

    /** A prompt of no tokens: nothing can be continued where nothing stands. */
    public static PromptException empty() {
        return new PromptException(
                "The prompt has no tokens, not even one for the beginning of a text. Give at least one character.");
    }
}
