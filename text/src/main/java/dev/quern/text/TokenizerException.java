package dev.quern.text;

/**
 * Something is wrong with tokenizer data or with what was asked of a tokenizer. The message is a full sentence for people: it
 * says where, what was found and what was expected.
 */
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception with a sentence for people. */
    public TokenizerException(String message) {
        super(message);
    }
}
