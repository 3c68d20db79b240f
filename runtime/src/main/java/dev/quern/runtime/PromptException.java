package dev.quern.runtime;

/** A prompt that cannot be continued. The message has the numbers and says what to do. */
public sealed class PromptException extends RuntimeException permits PromptTooLongException {
    private static final long serialVersionUID = 1;

    public PromptException(String message) {
        super(message);
    }
}
