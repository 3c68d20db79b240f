package dev.quern.codegen;

import dev.quern.ir.Rotation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Cosine and sine of every pair at every position: {@code f32[positions, rotary]}, the pairs (cos, sin) side by side.
 * Computed in double precision, because what WGSL promises of {@code sin} for large angles is too little.
 *
 * @param rotation which frequencies
 * @param positions how many
 */
public record RopeTable(Rotation rotation, long positions) {

    /** Bytes of the table. */
    public long bytes() {
        return Math.multiplyExact(positions, (long) rotation.rotary() * Float.BYTES);
    }

    /**
     * Rows of the table.
     *
     * @param factors by which frequencies are divided, one a pair, or empty
     */
    public ByteBuffer rows(long first, int count, float[] factors) {
        int pairs = rotation.rotary() / 2;
        ByteBuffer target =
                ByteBuffer.allocate(count * rotation.rotary() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long position = first; position < first + count; position++) {
            for (int pair = 0; pair < pairs; pair++) {
                double frequency = rotation.scale() * StrictMath.pow(rotation.base(), -2.0 * pair / rotation.rotary());
                double angle = position * (factors.length == 0 ? frequency : frequency / factors[pair]);
                target.putFloat((float) StrictMath.cos(angle)).putFloat((float) StrictMath.sin(angle));
            }
        }
        return target.flip();
    }
}
