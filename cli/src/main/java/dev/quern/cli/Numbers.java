package dev.quern.cli;

import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/** Reads numbers within bounds; what is wrong becomes a usage error. */
final class Numbers {
    private Numbers() {}

    static long whole(String text, long min, long max) {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
        throw new TypeConversionException(
                max >= Integer.MAX_VALUE
                        ? text + " is too small or too large; at least " + min + " is expected"
                        : text + " is not from " + min + " to " + max);
    }

    static float real(String text, float min, float max) {
        try {
            float value = Float.parseFloat(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a number");
        }
        throw new TypeConversionException(text + " is not from " + min + " to " + max);
    }

    static double nonNegative(String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a number");
        }
        throw new TypeConversionException(text + " is not a number from 0 on");
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
