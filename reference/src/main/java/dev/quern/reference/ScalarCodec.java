package dev.quern.reference;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;

/** The floats of 32 and 16 bits, one element a block. */
enum ScalarCodec implements BlockEncoder {
    F32(Encoding.Scalar.F32) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            target[at] = Float.intBitsToFloat(LittleEndian.getInt(source, offset));
        }

        @Override
        public void encode(float[] source, int at, ByteBuffer target, int offset) {
            LittleEndian.putInt(target, offset, Float.floatToRawIntBits(source[at]));
        }
    },
    F16(Encoding.Scalar.F16) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            target[at] = Float.float16ToFloat(LittleEndian.getShort(source, offset));
        }

        @Override
        public void encode(float[] source, int at, ByteBuffer target, int offset) {
            LittleEndian.putShort(target, offset, Float.floatToFloat16(source[at]));
        }
    },
    BF16(Encoding.Scalar.BF16) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            target[at] = BrainFloat.toFloat(LittleEndian.getShort(source, offset));
        }

        @Override
        public void encode(float[] source, int at, ByteBuffer target, int offset) {
            LittleEndian.putShort(target, offset, BrainFloat.ofFloat(source[at]));
        }
    };

    private final Encoding.Scalar encoding;

    ScalarCodec(Encoding.Scalar encoding) {
        this.encoding = encoding;
    }

    @Override
    public Encoding encoding() {
        return encoding;
    }
}
