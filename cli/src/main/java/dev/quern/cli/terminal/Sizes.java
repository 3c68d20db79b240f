package dev.quern.cli.terminal;

import java.util.Locale;

/** Numbers as people read them. */
public final class Sizes {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private Sizes() {}

    /** Bytes in decimal units: {@code 98.4 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.95 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** A time: {@code 0.42 s}, {@code 12 s}, {@code 3 min 20 s}. */
    public static String seconds(double seconds) {
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }

    /** A number with one decimal: {@code 74.1}. */
    public static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
