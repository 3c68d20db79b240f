package dev.quern.reference;

/** The two 16-bit floats: IEEE 754 binary16 ("half") and bfloat16, the upper half of a binary32. Conversions to them round to nearest, ties to even. */
public final class Halves {
    private static final int FLOAT_INFINITY = 0x7f80_0000;

    private Halves() {}

    /** The value of the half with these bits, exact. A NaN becomes a quiet NaN of the same sign. */
    public static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            // Zero or subnormal: fraction * 2^-24, which a float holds exactly.
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        if (exponent == 0x1f) {
            int quiet = fraction == 0 ? 0 : 0x0040_0000;
            return Float.intBitsToFloat(sign | FLOAT_INFINITY | quiet | (fraction << 13));
        }
        return Float.intBitsToFloat(sign | ((exponent + 127 - 15) << 23) | (fraction << 13));
    }

    /** The bits of the half nearest to the value; beyond 65,519.99 an infinity, a NaN the quiet NaN {@code 0x7e00} with its sign. */
    public static short floatToHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & 0x7fff_ffff;
        if (magnitude > FLOAT_INFINITY) {
            return (short) (sign | 0x7e00);
        }
        int exponent = (magnitude >>> 23) - 127;
        if (exponent > 15) {
            return (short) (sign | 0x7c00);
        }
        if (exponent < -25) {
            // Below half of the smallest subnormal, 2^-24.
            return (short) sign;
        }
        int significand = (magnitude & 0x007f_ffff) | 0x0080_0000;
        if (exponent < -14) {
            // Subnormal: the unit is 2^-24, and the significand counts units of 2^(exponent - 23).
            return (short) (sign | roundedShift(significand, -exponent - 1));
        }
        // The rounded significand still holds its leading one at bit 10; it adds one to the exponent field, and so does
        // a carry out of it.
        return (short) (sign | (((exponent + 14) << 10) + roundedShift(significand, 13)));
    }

    /** The value of the bfloat16 with these bits, exact. */
    public static float brainToFloat(short brain) {
        return Float.intBitsToFloat(brain << 16);
    }

    /** The bits of the bfloat16 nearest to the value; a NaN keeps its upper bits and becomes quiet. */
    public static short floatToBrain(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fff_ffff) > FLOAT_INFINITY) {
            return (short) ((bits >>> 16) | 0x40);
        }
        int even = (bits >>> 16) & 1;
        return (short) ((bits + 0x7fff + even) >>> 16);
    }

    /** {@code value / 2^count}, rounded to the nearest integer, ties to even; {@code count} from 1 to 30. */
    private static int roundedShift(int value, int count) {
        int floor = value >>> count;
        int rest = value - (floor << count);
        int half = 1 << (count - 1);
        boolean up = rest > half || (rest == half && (floor & 1) == 1);
        return up ? floor + 1 : floor;
    }
}
