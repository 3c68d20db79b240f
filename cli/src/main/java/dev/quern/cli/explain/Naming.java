package dev.quern.cli.explain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Names: patterns, layers, neighbours. */
final class Naming {
    /** Layers are numbered {@code layer3.keys} in values and {@code blk.3.attn_q} in weights. */
    private static final Pattern LAYER = Pattern.compile("(?<![A-Za-z0-9_.])(layer|blk\\.)\\d+(?=\\.)");

    private static final int SUGGESTIONS = 3;

    private Naming() {}

    /** A text with every layer's number replaced by a star, so that what is alike in all layers is equal. */
    static String withoutLayers(String text) {
        return LAYER.matcher(text).replaceAll("$1*");
    }

    /** Whether a text mentions a value or weight by its printed name, such as {@code %layer0.keys}. */
    static boolean mentions(String text, String printed) {
        return Pattern.compile(Pattern.quote(printed) + "(?![A-Za-z0-9_]|\\.[A-Za-z0-9_])")
                .matcher(text)
                .find();
    }

    /** A pattern in which {@code *} stands for any characters and {@code ?} for one. */
    static Pattern glob(String text) {
        StringBuilder pattern = new StringBuilder();
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            pattern.append(
                    switch (character) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(character));
                    });
        }
        return Pattern.compile(pattern.toString());
    }

    /** The names that resemble a text the most, the nearest first. */
    static List<String> nearest(String text, Collection<String> names) {
        List<String> sorted = new ArrayList<>(names);
        sorted.sort(
                Comparator.comparingInt((String name) -> distance(text, name)).thenComparing(name -> name));
        return sorted.stream().distinct().limit(SUGGESTIONS).toList();
    }

    /** The least number of characters to insert, delete or replace. */
    static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= left.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int above = row[column];
                int replaced = diagonal + (left.charAt(line - 1) == right.charAt(column - 1) ? 0 : 1);
                row[column] = Math.min(replaced, 1 + Math.min(above, row[column - 1]));
                diagonal = above;
            }
        }
        return row[right.length()];
    }
}
