package dev.quern.text;

/** The algorithm of a tokenizer, by the name that GGUF gives it in {@code tokenizer.ggml.model}. */
public enum TokenizerModel {
    /**
     * SentencePiece-style: the pair of neighbours whose union has the best score is merged first; unknown text becomes
     * bytes.
     */
    SENTENCE_PIECE("llama"),
    /**
     * Byte-level byte pair encoding: text is cut into words, and the merge of lowest rank is done first within each.
     */
    BYTE_PAIR("gpt2");

    private final String ggufName;

    TokenizerModel(String ggufName) {
        this.ggufName = ggufName;
    }

    /** The value of {@code tokenizer.ggml.model}. */
    public String ggufName() {
        return ggufName;
    }

    /**
     * The model of a GGUF name.
     *
     * @throws TokenizerException if Quern has no such tokenizer
     */
    public static TokenizerModel ofGgufName(String name) {
        for (TokenizerModel model : values()) {
            if (model.ggufName.equals(name)) {
                return model;
            }
        }
        throw new TokenizerException(
                "tokenizer.ggml.model",
                "tokenizer.ggml.model is \"" + name
                        + "\", which Quern does not implement. It knows \"llama\" (SentencePiece) and \"gpt2\" (byte"
                        + " pair encoding).");
    }
}
