package dev.quern.reference;

/**
 * The bfloat16, the upper half of a binary32. The platform converts the other 16-bit float, binary16, itself:
 * {@link Float#float16ToFloat}.
 */
public final class BrainFloat {
    private static final int FLOAT_INFINITY = 0x7f80_0000;

    private BrainFloat() {}

    /** The value of the bfloat16 with these bits, exact. */
    public static float toFloat(short brain) {
        return Float.intBitsToFloat(brain << 16);
    }

    /**
     * The bits of the bfloat16 nearest to the value, of two equally near the even one; a NaN keeps its upper bits and
     * becomes quiet.
     */
    public static short ofFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fff_ffff) > FLOAT_INFINITY) {
            return (short) ((bits >>> 16) | 0x40);
        }
        int even = (bits >>> 16) & 1;
        return (short) ((bits + 0x7fff + even) >>> 16);
    }
}
