package dev.quern.codegen;

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
        ByteBuffer target = ByteBuffer.allocate(count * rotary * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long position = first; position < first + count; position++) {
            for (int pair = 0; pair < pairs; pair++) {
                double frequency = source.scale() * StrictMath.pow(source.base(), -2.0 * pair / rotary);
                double angle = position * (factors.length == 0 ? frequency : frequency / factors[pair]);
                target.putFloat((float) StrictMath.cos(angle)).putFloat((float) StrictMath.sin(angle));
            }
        }
        return target.flip();
    }
}
