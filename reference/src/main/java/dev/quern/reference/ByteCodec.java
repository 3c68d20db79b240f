package dev.quern.reference;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;

/**
 * Q8_0: 32 elements {@code q * d}. Bytes 0 and 1 are {@code d}, a half; bytes 2 to 33 are the {@code q}, signed.
 */
enum ByteCodec implements BlockEncoder {
    Q8_0;

    private static final int SCALE_BYTES = 2;

    @Override
    public Encoding encoding() {
        return Encoding.Block.Q8_0;
    }

    @Override
    public void decode(ByteBuffer source, int offset, float[] target, int at) {
        float scale = Float.float16ToFloat(LittleEndian.getShort(source, offset));
        for (int element = 0; element < encoding().elements(); element++) {
            target[at + element] = source.get(offset + SCALE_BYTES + element) * scale;
        }
    }

    @Override
    public void encode(float[] source, int at, ByteBuffer target, int offset) {
        float largest = 0;
        for (int element = 0; element < encoding().elements(); element++) {
            largest = Math.max(largest, Math.abs(source[at + element]));
        }
        float scale = largest / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        LittleEndian.putShort(target, offset, Float.floatToFloat16(scale));
        for (int element = 0; element < encoding().elements(); element++) {
            target.put(offset + SCALE_BYTES + element, (byte) halfAwayFromZero(source[at + element] * inverse));
        }
    }

    private static int halfAwayFromZero(float value) {
        // The float in double precision plus a half is exact, so that 0.49999997 does not become 1.
        int magnitude = (int) (Math.abs((double) value) + 0.5);
        return value < 0 ? -magnitude : magnitude;
    }
}
