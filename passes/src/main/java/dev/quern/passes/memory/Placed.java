package dev.quern.passes.memory;

/**
 * A buffer with its place.
 *
 * @param buffer what lies there
 * @param offset its first byte in the arena
 */
public record Placed(Buffer buffer, long offset) {}
