package dev.quern.text;

/**
 * The generator xoshiro256** (Blackman and Vigna, public domain), its state filled from a seed by SplitMix64. Integer
 * arithmetic alone: every host draws the same numbers.
 */
final class RandomSource {
    private long first;
    private long second;
    private long third;
    private long fourth;

    RandomSource(long seed) {
        long state = seed;
        first = mix(state += 0x9E3779B97F4A7C15L);
        second = mix(state += 0x9E3779B97F4A7C15L);
        third = mix(state += 0x9E3779B97F4A7C15L);
        fourth = mix(state + 0x9E3779B97F4A7C15L);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** 64 random bits. */
    long nextLong() {
        long result = Long.rotateLeft(second * 5, 7) * 9;
        long shifted = second << 17;
        third ^= first;
        fourth ^= second;
        second ^= third;
        first ^= fourth;
        third ^= shifted;
        fourth = Long.rotateLeft(fourth, 45);
        return result;
    }

    /** A number from 0 (inclusive) to 1 (exclusive), a multiple of 2 to the power of -53. */
    double nextUnit() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }
}
