package dev.quern.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/** Reads numbers within bounds; what is wrong becomes a usage error that says which numbers are taken. */
final class Numbers {
    private Numbers() {}

    static long whole(String text, long min, long max) {
        return whole(text, min, max, "");
    }

    /**
     * A whole number.
     *
     * @param besides what else may be given or done, such as {@code , or -1 for all}; empty for nothing
     */
    static long whole(String text, long min, long max, String besides) {
        BigInteger value;
        try {
            value = new BigInteger(text);
        } catch (NumberFormatException e) {
            // The limits of the type are told only to those who reach them.
            boolean isOpen = max >= Integer.MAX_VALUE;
            String range = min == Long.MIN_VALUE ? "" : isOpen ? " from " + min + " on" : " from " + min + " to " + max;
            throw new TypeConversionException(
                    "'" + text + "' is not a whole number; one" + range + " is expected" + besides);
        }
        if (value.compareTo(BigInteger.valueOf(min)) < 0) {
            throw new TypeConversionException(
                    text + " is too small; a whole number from " + min + " on is expected" + besides);
        }
        if (value.compareTo(BigInteger.valueOf(max)) > 0) {
            throw new TypeConversionException(
                    text + " is too large; a whole number up to " + max + " is expected" + besides);
        }
        return value.longValueExact();
    }

    /** A number from one to another. */
    static float real(String text, float min, float max) {
        String range = "from " + plain(min) + " to " + plain(max);
        float value = (float) parsed(text, range);
        require(value >= min, text, "small", range);
        require(value <= max, text, "large", range);
        return value;
    }

    /** A share of a whole: more than 0 and at most 1. */
    static float share(String text) {
        String range = "above 0 and up to 1";
        float value = (float) parsed(text, range);
        require(value > 0, text, "small", range);
        require(value <= 1, text, "large", range);
        return value;
    }

    static double nonNegative(String text) {
        String range = "from 0 on";
        double value = parsed(text, range);
        require(value >= 0, text, "small", range);
        require(value <= Double.MAX_VALUE, text, "large", "up to " + Double.MAX_VALUE);
        return value;
    }

    private static void require(boolean holds, String text, String otherwise, String range) {
        if (!holds) {
            throw new TypeConversionException(text + " is too " + otherwise + "; a number " + range + " is expected");
        }
    }

    /** A number that may be infinite. */
    private static double parsed(String text, String range) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (Double.isNaN(value)) {
            throw new TypeConversionException("'" + text + "' is not a number; one " + range + " is expected");
        }
        return value;
    }

    /** A bound as people write it: 100 and 0.01. */
    private static String plain(float bound) {
        return new BigDecimal(Float.toString(bound)).stripTrailingZeros().toPlainString();
    }

    private static final Map<String, Long> BYTE_UNITS = Map.of(
            "",
            1L,
            "B",
            1L,
            "kB",
            1000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30);

    /** A size: {@code 128MiB}, {@code 1.5 GB}, {@code 4096}. */
    static long bytes(String text) {
        int digits = 0;
        while (digits < text.length() && (Character.isDigit(text.charAt(digits)) || text.charAt(digits) == '.')) {
            digits++;
        }
        Long unit = BYTE_UNITS.get(text.substring(digits).strip());
        try {
            double size = unit == null ? 0 : Double.parseDouble(text.substring(0, digits)) * unit;
            if (size >= 1 && size < Long.MAX_VALUE) {
                return (long) size;
            }
        } catch (NumberFormatException e) {
            throw noSize(text);
        }
        throw noSize(text);
    }

    private static TypeConversionException noSize(String text) {
        return new TypeConversionException("'" + text + "' is no size; a number with B, kB, MB, GB, KiB, MiB or GiB is"
                + " expected, such as 128MiB");
    }
}
