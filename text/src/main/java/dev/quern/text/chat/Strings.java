package dev.quern.text.chat;

import dev.quern.text.MarkedText;
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

    static MarkedText repeat(MarkedText text, long times) {
        MarkedText.Builder repeated = new MarkedText.Builder();
        for (long time = 0; time < times; time++) {
            repeated.append(text);
        }
        return repeated.build();
    }

    /** The code points from {@code start} on, before {@code end}, each {@code stride}-th. */
    static MarkedText slice(MarkedText marked, int start, int end, int stride) {
        String text = marked.text();
        if (stride == 1) {
            if (end <= start) {
                return MarkedText.EMPTY;
            }
            int from = text.offsetByCodePoints(0, start);
            return marked.substring(from, text.offsetByCodePoints(from, end - start));
        }
        int[] places = new int[text.codePointCount(0, text.length()) + 1];
        for (int at = 0, index = 0; at < text.length(); index++) {
            at += Character.charCount(text.codePointAt(at));
            places[index + 1] = at;
        }
        MarkedText.Builder chosen = new MarkedText.Builder();
        for (long at = start; stride > 0 ? at < end : at > end; at += stride) {
            chosen.append(marked, places[(int) at], places[(int) at + 1]);
        }
        return chosen.build();
    }

    /** What HTML needs escaped. */
    static MarkedText escape(MarkedText marked) {
        MarkedText.Builder escaped = new MarkedText.Builder();
        int copied = 0;
        for (int at = 0; at < marked.length(); at++) {
            String escape = switch (marked.text().charAt(at)) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '"' -> "&#34;";
                case '\'' -> "&#39;";
                default -> "";
            };
            if (!escape.isEmpty()) {
                escaped.append(marked, copied, at).appendFor(marked, at, at + 1, escape);
                copied = at + 1;
            }
        }
        return escaped.append(marked, copied, marked.length()).build();
    }

    /** Without white space at the ends, or without these characters where they are given. */
    static MarkedText strip(MarkedText marked, @Nullable String characters, boolean left, boolean right) {
        String text = marked.text();
        int start = 0;
        int end = text.length();
        while (left && start < end && strips(text.codePointAt(start), characters)) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && strips(text.codePointBefore(end), characters)) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return marked.substring(start, end);
    }

    private static boolean strips(int codePoint, @Nullable String characters) {
        return characters == null ? Characters.isSpace(codePoint) : characters.indexOf(codePoint) >= 0;
    }

    /** Parts between separators, from the left; {@code limit} separators at most, all where it is negative. */
    static List<MarkedText> split(MarkedText marked, String separator, long limit) {
        String text = marked.text();
        List<MarkedText> parts = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(separator);
                at >= 0 && (limit < 0 || parts.size() < limit);
                at = text.indexOf(separator, start)) {
            parts.add(marked.substring(start, at));
            start = at + separator.length();
        }
        parts.add(marked.substring(start));
        return parts;
    }

    /** As {@link #split}, but separators count from the right. */
    static List<MarkedText> splitFromRight(MarkedText marked, String separator, long limit) {
        String text = marked.text();
        List<MarkedText> parts = new ArrayList<>();
        int end = text.length();
        for (int at = text.lastIndexOf(separator);
                at >= 0 && (limit < 0 || parts.size() < limit);
                at = end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length())) {
            parts.add(0, marked.substring(at + separator.length(), end));
            end = at;
        }
        parts.add(0, marked.substring(0, end));
        return parts;
    }

    /** Words between runs of white space; the rest stays together after {@code limit} splits. */
    static List<MarkedText> words(MarkedText marked, long limit) {
        String text = marked.text();
        List<MarkedText> words = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < text.length() && Characters.isSpace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return words;
            }
            if (limit >= 0 && words.size() >= limit) {
                words.add(marked.substring(at));
                return words;
            }
            int start = at;
            while (at < text.length() && !Characters.isSpace(text.charAt(at))) {
                at++;
            }
            words.add(marked.substring(start, at));
        }
    }

    /** As {@link #words}, from the right. */
    static List<MarkedText> wordsFromRight(MarkedText marked, long limit) {
        String text = marked.text();
        List<MarkedText> words = new ArrayList<>();
        int at = text.length();
        while (true) {
            while (at > 0 && Characters.isSpace(text.charAt(at - 1))) {
                at--;
            }
            if (at == 0) {
                return words;
            }
            if (limit >= 0 && words.size() >= limit) {
                words.add(0, marked.substring(0, at));
                return words;
            }
            int end = at;
            while (at > 0 && !Characters.isSpace(text.charAt(at - 1))) {
                at--;
            }
            words.add(0, marked.substring(at, end));
        }
    }

    static List<MarkedText> lines(MarkedText marked, boolean keepEnds) {
        String text = marked.text();
        List<MarkedText> lines = new ArrayList<>();
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
            lines.add(marked.substring(start, keepEnds ? at : end));
            start = at;
        }
        if (start < text.length()) {
            lines.add(marked.substring(start));
        }
        return lines;
    }

    /**
     * With {@code limit} occurrences replaced at most, all where it is negative; an empty string occurs at every place.
     */
    static MarkedText replace(
            Evaluation evaluation, MarkedText marked, String old, MarkedText replacement, long limit) {
        String text = marked.text();
        MarkedText.Builder replaced = new MarkedText.Builder();
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
                replaced.append(marked, at, end);
                at = end;
            }
            return replaced.build();
        }
        long done = 0;
        for (int at = text.indexOf(old); at >= 0 && (limit < 0 || done < limit); at = text.indexOf(old, copied)) {
            evaluation.lengthen(replaced.length(), replacement.length());
            replaced.append(marked, copied, at).append(replacement);
            copied = at + old.length();
            done++;
        }
        return done == 0
                ? marked
                : replaced.append(marked, copied, text.length()).build();
    }

    /** Makes other characters of a text's, in their order. */
    interface Change {
        String apply(String text);
    }

    /** A changed text: its characters are whose they were. */
    static MarkedText changed(MarkedText marked, Change change) {
        String text = marked.text();
        String changed = change.apply(text);
        if (!marked.hasGiven() || marked.endOfRun(0) == text.length()) {
            return marked.becomes(changed);
        }
        MarkedText.Builder aligned = new MarkedText.Builder();
        if (changed.length() == text.length()) {
            for (int at = 0; at < text.length(); at = marked.endOfRun(at)) {
                int end = marked.endOfRun(at);
                aligned.appendFor(marked, at, end, changed.substring(at, end));
            }
            return aligned.build();
        }
        // Few characters change in length, and none by what stands around it.
        for (int at = 0; at < text.length(); ) {
            int end = at + Character.charCount(text.codePointAt(at));
            int length = change.apply(text.substring(at, end)).length();
            if (aligned.length() + length > changed.length()) {
                return marked.becomes(changed);
            }
            aligned.appendFor(marked, at, end, changed.substring(aligned.length(), aligned.length() + length));
            at = end;
        }
        return aligned.length() == changed.length() ? aligned.build() : marked.becomes(changed);
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
