package dev.quern.text.chat;

/**
 * Doubles in decimal digits, exactly: every double is {@code n / 10^p} for whole n and p. By hand, because BigDecimal
 * and all it needs would be a twentieth of what a browser loads.
 */
final class Decimals {
    private static final int LIMB = 1_000_000_000;
    private static final int LIMB_DIGITS = 9;
    private static final int MANTISSA_BITS = 52;
    /** The powers of 2 and of 5 that a limb takes in one step. */
    private static final int[] STEPS = {1 << 29, 29, 244_140_625, 12};

    private Decimals() {}

    /**
     * A finite number with so many digits after the point, halves to even, with a minus where its sign bit is set.
     *
     * @param digits below 0 for zeros before the point: 1250 with -2 is 1200
     */
    static String rounded(double value, int digits) {
        long bits = Double.doubleToLongBits(value);
        int exponent = (int) (bits >> MANTISSA_BITS) & 0x7ff;
        long mantissa = bits & (1L << MANTISSA_BITS) - 1;
        // Subnormal numbers have the exponent 1 and no leading bit.
        mantissa |= exponent == 0 ? 0 : 1L << MANTISSA_BITS;
        int power = Math.max(1, exponent) - 1023 - MANTISSA_BITS;
        // Powers of two that divide it out keep the digits few.
        while (power < 0 && mantissa != 0 && (mantissa & 1) == 0) {
            mantissa >>= 1;
            power++;
        }
        int places = mantissa == 0 ? 0 : Math.max(0, -power);
        String whole = places > 0 ? times(mantissa, 1, places) : times(mantissa, 0, mantissa == 0 ? 0 : power);
        return (bits < 0 ? "-" : "") + arranged(whole, places, digits);
    }

    /** The digits of {@code mantissa · 2^count}, or with 1 as the base {@code mantissa · 5^count}. */
    private static String times(long mantissa, int base, int count) {
        // 53 bits and up to 1074 factors of 5 or 971 of 2 have fewer than 800 digits.
        int[] limbs = new int[90];
        limbs[0] = (int) (mantissa % LIMB);
        limbs[1] = (int) (mantissa / LIMB);
        int used = 2;
        int most = STEPS[2 * base + 1];
        for (int left = count; left > 0; left -= most) {
            int factor = left >= most ? STEPS[2 * base] : power(base == 0 ? 2 : 5, left);
            long carry = 0;
            for (int index = 0; index < used; index++) {
                long product = (long) limbs[index] * factor + carry;
                limbs[index] = (int) (product % LIMB);
                carry = product / LIMB;
            }
            if (carry > 0) {
                limbs[used++] = (int) carry;
            }
        }
        while (used > 1 && limbs[used - 1] == 0) {
            used--;
        }
        StringBuilder text = new StringBuilder(Integer.toString(limbs[used - 1]));
        for (int index = used - 2; index >= 0; index--) {
            String limb = Integer.toString(limbs[index]);
            text.append(Strings.repeat("0", LIMB_DIGITS - limb.length())).append(limb);
        }
        return text.toString();
    }

    private static int power(int base, int exponent) {
        int power = 1;
        for (int count = 0; count < exponent; count++) {
            power *= base;
        }
        return power;
    }

    /** The number {@code whole / 10^places}, rounded. */
    private static String arranged(String whole, int places, int digits) {
        String text = whole;
        if (digits > places) {
            text += Strings.repeat("0", digits - places);
        } else {
            int dropped = places - digits;
            // At least one digit is kept.
            text = Strings.repeat("0", dropped + 1 - text.length()) + text;
            int kept = text.length() - dropped;
            text = roundsUp(text, kept) ? incremented(text.substring(0, kept)) : text.substring(0, kept);
        }
        if (digits <= 0) {
            return text.equals("0") ? text : text + Strings.repeat("0", -digits);
        }
        text = Strings.repeat("0", digits + 1 - text.length()) + text;
        return text.substring(0, text.length() - digits) + "." + text.substring(text.length() - digits);
    }

    private static boolean roundsUp(String text, int kept) {
        if (kept == text.length() || text.charAt(kept) != '5') {
            return kept < text.length() && text.charAt(kept) > '5';
        }
        for (int index = kept + 1; index < text.length(); index++) {
            if (text.charAt(index) != '0') {
                return true;
            }
        }
        return (text.charAt(kept - 1) & 1) == 1;
    }

    private static String incremented(String digits) {
        int last = digits.length() - 1;
        while (last >= 0 && digits.charAt(last) == '9') {
            last--;
        }
        String zeros = Strings.repeat("0", digits.length() - 1 - last);
        return last < 0 ? "1" + zeros : digits.substring(0, last) + (char) (digits.charAt(last) + 1) + zeros;
    }
}
