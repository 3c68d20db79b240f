package dev.quern.text;

/**
 * The exponential function in basic arithmetic alone. {@code Math.exp} may differ in its last bit from host to host,
 * and one bit is enough to draw another token; this differs nowhere.
 */
final class Exponential {
    private static final double LOG2_E = 1.4426950408889634;
    /** The logarithm of 2 in two parts, the first with so few bits that its product with a small integer is exact. */
    private static final double LN2_HIGH = 0x1.62e42fefap-1;

    private static final double LN2_LOW = 0x1.cf79abc9e3b39p-40;

    private Exponential() {}

    /**
     * e to the power of {@code x}, for {@code x} of at most 0, with a relative error under 1e-15; 0 below -700.
     *
     * <p>With n the integer nearest to x / ln 2 and r = x - n ln 2, |r| at most 0.35: the Taylor series of r to the
     * 13th power, times 2 to the power of n.
     */
    static double ofNegative(double x) {
        if (!(x >= -700)) {
            return 0;
        }
        long n = (long) (x * LOG2_E - 0.5);
        double r = x - n * LN2_HIGH - n * LN2_LOW;
        double sum = 1;
        for (int term = 13; term >= 1; term--) {
            sum = 1 + sum * r / term;
        }
        return sum * Double.longBitsToDouble((n + 1023) << 52);
    }
}
