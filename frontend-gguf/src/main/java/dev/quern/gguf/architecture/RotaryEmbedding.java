package dev.quern.gguf.architecture;

/**
 * How positions turn queries and keys.
 *
 * @param dimensions elements of each head that are turned, even
 * @param base of the frequencies
 * @param scale of the position: 1, or 1 / factor where the context was extended linearly
 */
public record RotaryEmbedding(int dimensions, float base, float scale) {}
