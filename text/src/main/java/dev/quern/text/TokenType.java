package dev.quern.text;

/** What kind of token an id stands for, with the numbers of {@code tokenizer.ggml.token_type}. */
public enum TokenType {
    /** The file says nothing of use. */
    UNDEFINED(0),
    /** A piece of text. */
    NORMAL(1),
    /** Stands for text that the vocabulary cannot spell. */
    UNKNOWN(2),
    /** Steers the model (beginning, end, turns of a chat); never part of ordinary text. */
    CONTROL(3),
    /** Text that was added to the vocabulary and is found before ordinary tokenisation. */
    USER_DEFINED(4),
    /** A place that is kept free. */
    UNUSED(5),
    /** One byte, spelled {@code <0xHH>}. */
    BYTE(6);

    private final int code;

    TokenType(int code) {
        this.code = code;
    }

    /** The number that GGUF uses. */
    public int code() {
        return code;
    }

    /**
     * The type of a GGUF number.
     *
     * @throws TokenizerException if no type has that number
     */
    public static TokenType ofCode(int code) {
        for (TokenType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new TokenizerException(
                "Token type " + code + " is unknown; the types run from 0 (undefined) to 6 (byte).");
    }
}
