package dev.quern.text;

/** Makes tokenizers of data. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * The tokenizer that the data describes.
     *
     * @throws TokenizerException if the data asks for a way of cutting words that Quern does not know, or contradicts
     *     itself. Nothing is ever guessed: a wrong tokenizer answers fluently and wrongly
     */
    public static Tokenizer of(TokenizerData data) {
        return switch (data.model()) {
            case SENTENCE_PIECE -> new SentencePieceTokenizer(data);
            case BYTE_PAIR -> new BytePairTokenizer(data);
        };
    }
}
