package dev.quern.cli.ir;

import java.util.SplittableRandom;

/** Numbers that depend on a seed and a name alone, the same on every machine. */
final class RandomFloats {
    private RandomFloats() {}

    /** So many numbers, evenly spread from {@code centre - spread} to {@code centre + spread}. */
    static float[] of(long seed, String name, int count, double centre, double spread) {
        long mixed = seed;
        for (int index = 0; index < name.length(); index++) {
            mixed = 31 * mixed + name.charAt(index);
        }
        SplittableRandom random = new SplittableRandom(mixed);
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) (centre + spread * (2 * random.nextDouble() - 1));
        }
        return values;
    }
}
