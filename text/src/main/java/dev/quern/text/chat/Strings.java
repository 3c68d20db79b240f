package dev.quern.text.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Strings as Python handles them. Places and lengths are counted by the callers. */
final class Strings {
    private Strings() {}

    /** Order by code points, not by UTF-16 units. */
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int index = 0; index < length; index++) {
            char x = a.charAt(index);
            char y = b.charAt(index);
            if (x != y) {
                boolean high = Character.isSurrogate(x);
                return high == Character.isSurrogate(y) ? Character.compare(x, y) : high ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    static String repeat(String text, long times) {
        StringBuilder repeated = new StringBuilder();
        for (long time = 0; time < times; time++) {
            repeated.append(text);
        }
        return repeated.toString();
    }

    /** The code points from {@code start} on, before {@code end}, each {@code stride}-th. */
    static String slice(String text, int start, int end, int stride) {
        if (stride == 1) {
            if (end <= start) {
                return "";
            }
            int from = text.offsetByCodePoints(0, start);
            return text.substring(from, text.offsetByCodePoints(from, end - start));
        }
        int[] codePoints = new int[text.codePointCount(0, text.length())];
        for (int at = 0, index = 0; at < text.length(); index++) {
            codePoints[index] = text.codePointAt(at);
            at += Character.charCount(codePoints[index]);
        }
        StringBuilder chosen = new StringBuilder();
        for (long at = start; stride > 0 ? at < end : at > end; at += stride) {
            chosen.appendCodePoint(codePoints[(int) at]);
        }
        return chosen.toString();
    }

    /** What HTML needs escaped. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            switch (unit) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&#34;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(unit);
            }
        }
        return escaped.toString();
    }

    /** Without white space at the ends, or without these characters where they are given. */
    static String strip(String text, @Nullable String characters, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && strips(text.codePointAt(start), characters)) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && strips(text.codePointBefore(end), characters)) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static boolean strips(int codePoint, @Nullable String characters) {
        return characters == null ? Characters.isSpace(codePoint) : characters.indexOf(codePoint) >= 0;
    }

    /** Parts between separators, from the left; {@code limit} separators at most, all where it is negative. */
    static List<String> split(String text, String separator, long limit) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(separator);
                at >= 0 && (limit < 0 || parts.size() < limit);
                at = text.indexOf(separator, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** As {@link #split}, but separators count from the right. */
    static List<String> splitFromRight(String text, String separator, long limit) {
        List<String> parts = new ArrayList<>();
        int end = text.length();
        for (int at = text.lastIndexOf(separator);
                at >= 0 && (limit < 0 || parts.size() < limit);
                at = end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length())) {
            parts.add(0, text.substring(at + separator.length(), end));
            end = at;
        }
        parts.add(0, text.substring(0, end));
        return parts;
    }

    /** Words between runs of white space; the rest stays together after {@code limit} splits. */
    static List<String> words(String text, long limit) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < text.length() && Characters.isSpace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return words;
            }
            if (limit >= 0 && words.size() >= limit) {
                words.add(text.substring(at));
                return words;
            }
            int start = at;
            while (at < text.length() && !Characters.isSpace(text.charAt(at))) {
                at++;
            }
            words.add(text.substring(start, at));
        }
    }

    /** As {@link #words}, from the right. */
    static List<String> wordsFromRight(String text, long limit) {
        List<String> words = new ArrayList<>();
        int at = text.length();
        while (true) {
            while (at > 0 && Characters.isSpace(text.charAt(at - 1))) {
                at--;
            }
            if (at == 0) {
                return words;
            }
            if (limit >= 0 && words.size() >= limit) {
                words.add(0, text.substring(0, at));
                return words;
            }
            int end = at;
            while (at > 0 && !Characters.isSpace(text.charAt(at - 1))) {
                at--;
            }
            words.add(0, text.substring(at, end));
        }
    }

    static List<String> lines(String text, boolean keepEnds) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < text.length(); ) {
            char unit = text.charAt(at++);
            if (!Characters.isLineEnd(unit)) {
                continue;
            }
            int end = at - 1;
            if (unit == '\r' && at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            lines.add(text.substring(start, keepEnds ? at : end));
            start = at;
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    /** With {@code limit} occurrences replaced at most, all where it is negative; an empty string occurs at every place. */
    static String replace(Evaluation evaluation, String text, String old, String replacement, long limit) {
        StringBuilder replaced = new StringBuilder();
        int copied = 0;
        if (old.isEmpty()) {
            long left = limit;
            for (int at = 0; at <= text.length(); ) {
                if (left != 0) {
                    evaluation.lengthen(replaced.length(), replacement.length());
                    replaced.append(replacement);
                    left--;
                }
                if (at == text.length()) {
                    break;
                }
                int end = at + Character.charCount(text.codePointAt(at));
                replaced.append(text, at, end);
                at = end;
            }
            return replaced.toString();
        }
        long done = 0;
        for (int at = text.indexOf(old); at >= 0 && (limit < 0 || done < limit); at = text.indexOf(old, copied)) {
            evaluation.lengthen(replaced.length(), replacement.length());
            replaced.append(text, copied, at).append(replacement);
            copied = at + old.length();
            done++;
        }
        return replaced.append(text, copied, text.length()).toString();
    }

    /** The first character capital, the others small. */
    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.codePointAt(0));
        return upper(text.substring(0, first)) + lower(text.substring(first));
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
