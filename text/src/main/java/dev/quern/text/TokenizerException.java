package dev.quern.text;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something is wrong with tokenizer data or with what was asked of a tokenizer. The message is a full sentence for
 * people: it says where, what was found and what was expected.
 */
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String key;

    /** An exception with a sentence for people. */
    public TokenizerException(String message) {
        super(message);
        key = null;
    }

    /** The same, said of a key of the model file. */
    TokenizerException(String key, String message) {
        super(message);
        this.key = key;
    }

    /** The key of the model file whose value is refused, where it is one. */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }
}
