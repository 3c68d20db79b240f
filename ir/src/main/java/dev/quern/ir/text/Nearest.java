package dev.quern.ir.text;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what a misspelled word was meant to be. */
public final class Nearest {
    private Nearest() {}

    /**
     * What to say after a word that is not one of those that are known:
     * {@code ; did you mean add? There are add, scale}.
     *
     * @param word what was found
     * @param words what there is
     */
    public static String among(String word, List<String> words) {
        return among(word, "there are", words);
    }

    /** The same, with other words before the list, such as {@code it has}. */
    public static String among(String word, String thereAre, List<String> words) {
        String all = thereAre + " " + String.join(", ", words);
        Optional<String> best = of(word, words);
        return best.isEmpty()
                ? "; " + all
                : "; did you mean " + best.get() + "? " + Character.toUpperCase(all.charAt(0)) + all.substring(1);
    }

    /**
     * A question to put after a sentence about a name that is none: {@code  Did you mean smollm2-135m?}; empty where no
     * name is near. Capitals do not matter.
     */
    public static String question(String name, List<String> names) {
        List<String> small =
                names.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
        return of(name.toLowerCase(Locale.ROOT), small)
                .map(best -> " Did you mean " + Unseen.escaped(names.get(small.indexOf(best))) + "?")
                .orElse("");
    }

    /** The word that is nearest, if one is so near that it is likely meant; the first of several. */
    public static Optional<String> of(String word, List<String> words) {
        Optional<String> best = Optional.empty();
        int least = Math.max(1, word.length() / 3) + 1;
        for (String candidate : words) {
            int distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                best = Optional.of(candidate);
            }
        }
        return best;
    }

    /**
     * The least number of characters to insert, delete, replace or swap with their neighbour that makes one word the
     * other.
     */
    private static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        int[] last = new int[other.length() + 1];
        for (int column = 0; column <= other.length(); column++) {
            last[column] = column;
        }
        for (int row = 1; row <= one.length(); row++) {
            int[] next = new int[other.length() + 1];
            next[0] = row;
            for (int column = 1; column <= other.length(); column++) {
                boolean same = one.charAt(row - 1) == other.charAt(column - 1);
                next[column] =
                        Math.min(Math.min(next[column - 1], last[column]) + 1, last[column - 1] + (same ? 0 : 1));
                if (row > 1
                        && column > 1
                        && one.charAt(row - 1) == other.charAt(column - 2)
                        && one.charAt(row - 2) == other.charAt(column - 1)) {
                    next[column] = Math.min(next[column], before[column - 2] + 1);
                }
            }
            before = last;
            last = next;
        }
        return last[other.length()];
    }
}
