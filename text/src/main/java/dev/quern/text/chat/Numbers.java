package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import org.jspecify.annotations.Nullable;

/** Numbers as text and text as numbers. */
final class Numbers {
    private Numbers() {}

    /** A float as Python shows it: the shortest digits that give it back, plain from 1e-4 up to 1e16. */
    static String show(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        String java = Double.toString(Math.abs(value));
        int letter = java.indexOf('E');
        String mantissa = letter < 0 ? java : java.substring(0, letter);
        int exponent = letter < 0 ? 0 : Integer.parseInt(java.substring(letter + 1));
        int dot = mantissa.indexOf('.');
        String digits = dot < 0 ? mantissa : mantissa.substring(0, dot) + mantissa.substring(dot + 1);
        int point = (dot < 0 ? mantissa.length() : dot) + exponent;
        int start = 0;
        while (start < digits.length() - 1 && digits.charAt(start) == '0') {
            start++;
            point--;
        }
        int end = digits.length();
        while (end > start + 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        return (value < 0 ? "-" : "") + arranged(digits.substring(start, end), point);
    }

    /** The number 0.DIGITS times ten to the power of {@code point}. */
    private static String arranged(String digits, int point) {
        if (point > 16 || point < -3) {
            int exponent = point - 1;
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            int size = Math.abs(exponent);
            return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + (size < 10 ? "0" : "") + size;
        }
        if (point <= 0) {
            return "0." + Strings.repeat("0", -point) + digits;
        }
        return point >= digits.length()
                ? digits + Strings.repeat("0", point - digits.length()) + ".0"
                : digits.substring(0, point) + "." + digits.substring(point);
    }

    /** With so many digits after the point, halves to even. */
    static String fixed(double value, int digits) {
        return Double.isNaN(value) || Double.isInfinite(value) ? show(value) : Decimals.rounded(value, digits);
    }

    /** Rounded to so many digits after the point, halves to even. */
    static double rounded(double value, int digits) {
        return Double.isNaN(value) || Double.isInfinite(value)
                ? value
                : Double.parseDouble(Decimals.rounded(value, digits));
    }

    private static String stripped(String text) {
        return Strings.strip(MarkedText.written(text), null, true, true).text();
    }

    /** The integer that a string is, null where it is none. */
    static @Nullable Long parseInteger(String text, int base) {
        String stripped = stripped(text);
        boolean minus = stripped.startsWith("-");
        String digits = minus || stripped.startsWith("+") ? stripped.substring(1) : stripped;
        if (digits.length() > 2 && digits.charAt(0) == '0') {
            int prefix = "box".indexOf(digits.charAt(1) | 0x20);
            if (prefix >= 0 && base == (prefix == 0 ? 2 : prefix == 1 ? 8 : 16)) {
                digits = digits.substring(2);
            }
        }
        digits = withoutGaps(digits);
        if (digits.isEmpty() || digits.charAt(0) == '-' || digits.charAt(0) == '+') {
            return null;
        }
        try {
            return Long.parseLong(minus ? "-" + digits : digits, base);
        } catch (NumberFormatException none) {
            return null;
        }
    }

    /** The float that a string is, null where it is none. */
    static @Nullable Double parseFloat(String text) {
        String stripped = withoutGaps(Strings.lower(stripped(text)));
        boolean minus = stripped.startsWith("-");
        String digits = minus || stripped.startsWith("+") ? stripped.substring(1) : stripped;
        switch (digits) {
            case "inf", "infinity" -> {
                return minus ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            }
            case "nan" -> {
                return Double.NaN;
            }
            default -> {
                for (int at = 0; at < digits.length(); at++) {
                    if ("0123456789.e+-".indexOf(digits.charAt(at)) < 0) {
                        return null;
                    }
                }
            }
        }
        try {
            return Double.parseDouble(stripped);
        } catch (NumberFormatException none) {
            return null;
        }
    }

    /** Without single underscores between digits; others stay and make the number none. */
    static String withoutGaps(String digits) {
        if (digits.indexOf('_') < 0) {
            return digits;
        }
        StringBuilder kept = new StringBuilder();
        for (int at = 0; at < digits.length(); at++) {
            boolean gap = digits.charAt(at) == '_'
                    && at > 0
                    && at + 1 < digits.length()
                    && digits.charAt(at - 1) != '_'
                    && digits.charAt(at + 1) != '_';
            if (!gap) {
                kept.append(digits.charAt(at));
            }
        }
        return kept.toString();
    }
}
