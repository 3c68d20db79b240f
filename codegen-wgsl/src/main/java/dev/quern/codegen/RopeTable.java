package dev.quern.codegen;

import dev.quern.ir.Rotation;
import dev.quern.ir.Weight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Cosine and sine of every pair at every position: {@code f32[positions, rotary]}, the pairs (cos, sin) side by side.
 * Computed in double precision, because what WGSL promises of {@code sin} for large angles is too little.
 *
 * @param source which frequencies
 * @param rotary columns, two for each pair
 * @param positions how many
 */
public record RopeTable(Weight.Source.Rotations source, int rotary, long positions) {

    /** The table that a weight is, if it is one. */
    public static Optional<RopeTable> of(Weight weight) {
        return switch (weight.source()) {
            case Weight.Source.Rotations rotations ->
                Optional.of(new RopeTable(
                        rotations,
                        Math.toIntExact(weight.type().columns()),
                        weight.type().rows().max()));
            case Weight.Source.Tensors tensors -> Optional.empty();
        };
    }

    /** Bytes of the table. */
    public long bytes() {
        return Math.multiplyExact(positions, (long) rotary * Float.BYTES);
    }

    /**
     * Rows of the table.
     *
     * @param factors by which frequencies are divided, one a pair, or empty
     */
    public ByteBuffer rows(long first, int count, float[] factors) {
        int pairs = rotary / 2;
        double[] frequencies = frequencies(factors);
        ByteBuffer target = ByteBuffer.allocate(count * rotary * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long position = first; position < first + count; position++) {
            for (int pair = 0; pair < pairs; pair++) {
                double angle = position * frequencies[pair];
                target.putFloat((float) (source.magnitude() * StrictMath.cos(angle)));
                target.putFloat((float) (source.magnitude() * StrictMath.sin(angle)));
            }
        }
        return target.flip();
    }

    private double[] frequencies(float[] factors) {
        double[] frequencies = new double[rotary / 2];
        for (int pair = 0; pair < frequencies.length; pair++) {
            double share = source.yarn().map(this::scaledPairs).orElse(Ramp.ALL).at(pair);
            double frequency =
                    (1 - share + share * source.scale()) * StrictMath.pow(source.base(), -2.0 * pair / rotary);
            frequencies[pair] = factors.length == 0 ? frequency : frequency / factors[pair];
        }
        return frequencies;
    }

    /** How much of its scale a pair gets: nothing up to the first, all from the last on, evenly more between. */
    private record Ramp(double first, double last) {
        static final Ramp ALL = new Ramp(-1, -1);

        double at(int pair) {
            return Math.clamp((pair - first) / Math.max(0.001, last - first), 0.0, 1.0);
        }
    }

    private Ramp scaledPairs(Rotation.Yarn yarn) {
        return new Ramp(
                Math.max(0, Math.floor(pairOf(yarn, yarn.betaFast()))),
                Math.min(rotary - 1, Math.ceil(pairOf(yarn, yarn.betaSlow()))));
    }

    /** Where among the pairs one lies that turns so often in the original context. */
    private double pairOf(Rotation.Yarn yarn, double turns) {
        double decades = StrictMath.log(yarn.originalContext() / (2 * Math.PI * turns)) / StrictMath.log(source.base());
        return rotary * decades / 2;
    }
}
