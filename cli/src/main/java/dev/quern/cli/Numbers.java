package dev.quern.cli;

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
}
