package dev.quern.gguf.architecture;

/**
 * The numbers that shape a dense transformer, read and checked.
 *
 * @param architecture {@code general.architecture}
 * @param name {@code general.name}, or the architecture where the file has no name
 * @param layers how many layers run one after the other
 * @param contextLength the number of positions that the model was trained for
 * @param embeddingLength the width of the stream between layers
 * @param feedForwardLength the width inside a feed-forward block
 * @param heads query heads of each layer
 * @param keyValueHeads heads of keys and values, which groups of query heads share; divides {@code heads}
 * @param headLength elements of a head
 * @param rotary the rotary position embedding
 * @param epsilon what root mean squares add under the root
 * @param attentionScale by which products of queries and keys are multiplied
 * @param vocabulary the number of tokens
 */
public record Hyperparameters(
        String architecture,
        String name,
        int layers,
        long contextLength,
        int embeddingLength,
        int feedForwardLength,
        int heads,
        int keyValueHeads,
        int headLength,
        RotaryEmbedding rotary,
        float epsilon,
        float attentionScale,
        int vocabulary) {
    /** Elements of all query heads. */
    public int queryLength() {
        return Math.multiplyExact(heads, headLength);
    }

    /** Elements of all key heads, and of all value heads. */
    public int keyValueLength() {
        return Math.multiplyExact(keyValueHeads, headLength);
    }
}
