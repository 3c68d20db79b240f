package dev.quern.gguf.architecture;

import dev.quern.ir.Encoding;

/**
 * What a graph is built for.
 *
 * @param context how many positions keys and values are kept for
 * @param chunk how many tokens one call of {@code prefill} takes at the most
 * @param cache how keys and values are stored
 * @param served how many positions the model is to serve for, on which the frequencies of some models depend: the
 *     context, unless the graph has less room than what it stands for
 */
public record GraphOptions(long context, long chunk, Encoding cache, long served) {
    /** Checks the bounds. */
    public GraphOptions {
        if (context < 1 || chunk < 1 || chunk > context) {
            throw new IllegalArgumentException("the context must be 1 or more and hold a chunk, but the context is "
                    + context + " and the chunk " + chunk);
        }
        if (cache != Encoding.Scalar.F16 && cache != Encoding.Scalar.F32 && cache != Encoding.Block.Q8_0) {
            throw new IllegalArgumentException(
                    "keys and values are stored as f16, f32 or q8_0, not as " + cache.text());
        }
    }

    /**
     * Refuses sizes of which these options make no graph: a block of keys or values lies in one head, as llama.cpp has
     * it too.
     *
     * @throws IllegalArgumentException if blocks would span heads
     */
    public void require(Hyperparameters sizes) {
        if (sizes.headLength() % cache.elements() != 0) {
            throw new IllegalArgumentException("Keys and values were asked for as " + cache.text() + ", in blocks of "
                    + cache.elements() + " elements of a head; the heads of " + sizes.name() + " have "
                    + sizes.headLength() + ". Keep them as f16 (--cache f16).");
        }
    }

    /** A graph with room for all that it serves for. */
    public GraphOptions(long context, long chunk, Encoding cache) {
        this(context, chunk, cache, context);
    }

    /** The same room, for a graph that stands for one that serves for so many positions. */
    public GraphOptions serving(long positions) {
        return new GraphOptions(context, chunk, cache, positions);
    }

    /** Keys and values as f16, prompts in chunks of up to 256 tokens. */
    public static GraphOptions ofContext(long context) {
        return new GraphOptions(context, Math.min(256, context), Encoding.Scalar.F16);
    }
}
