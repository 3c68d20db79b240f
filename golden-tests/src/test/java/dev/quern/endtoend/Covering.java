package dev.quern.endtoend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses few combinations of many settings such that every two values of two settings occur together in one of them:
 * what is wrong is mostly wrong for one value or for two, seldom only for three. The choice is greedy and has no chance
 * in it.
 */
final class Covering {
    /** A value of one setting together with a value of another; the first setting is the smaller. */
    record Pair(int first, int firstValue, int second, int secondValue) {}

    private final int[] extents;
    private final Set<Pair> open = new LinkedHashSet<>();
    private final int[][] taken;

    private Covering(int[] extents, List<int[]> together) {
        this.extents = extents;
        this.taken = Arrays.stream(extents).mapToObj(int[]::new).toArray(int[][]::new);
        for (int[] settings : together) {
            for (int first = 0; first < extents[settings[0]]; first++) {
                for (int second = 0; second < extents[settings[1]]; second++) {
                    open.add(new Pair(settings[0], first, settings[1], second));
                }
            }
        }
    }

    /**
     * The combinations.
     *
     * @param extents how many values each setting has
     * @param together pairs of settings, the smaller first, all of whose values are to meet
     * @return for each combination a value for each setting
     */
    static List<int[]> rows(int[] extents, List<int[]> together) {
        var covering = new Covering(extents, together);
        List<int[]> rows = new ArrayList<>();
        while (!covering.open.isEmpty()) {
            rows.add(covering.next());
        }
        return rows;
    }

    /** The pairs of values of all settings that meet in a combination. */
    static Set<Pair> pairs(int[] row) {
        Set<Pair> pairs = new HashSet<>();
        for (int first = 0; first < row.length; first++) {
            for (int second = first + 1; second < row.length; second++) {
                pairs.add(new Pair(first, row[first], second, row[second]));
            }
        }
        return pairs;
    }

    /**
     * Begins with the first open pair and gives every other setting the value that closes most pairs; of equals the one
     * taken least.
     */
    private int[] next() {
        Pair start = open.iterator().next();
        int[] row = new int[extents.length];
        Arrays.fill(row, -1);
        row[start.first()] = start.firstValue();
        row[start.second()] = start.secondValue();
        for (int setting = 0; setting < row.length; setting++) {
            if (row[setting] < 0) {
                row[setting] = best(row, setting);
            }
        }
        open.removeAll(pairs(row));
        for (int setting = 0; setting < row.length; setting++) {
            taken[setting][row[setting]]++;
        }
        return row;
    }

    private int best(int[] row, int setting) {
        int best = 0;
        long bestCount = Long.MIN_VALUE;
        for (int value = 0; value < extents[setting]; value++) {
            long count = 0;
            for (int other = 0; other < row.length; other++) {
                if (row[other] >= 0 && open.contains(pair(other, row[other], setting, value))) {
                    count++;
                }
            }
            // One pair more counts more than any number of times that a value was taken.
            long score = (count << 32) - taken[setting][value];
            if (score > bestCount) {
                bestCount = score;
                best = value;
            }
        }
        return best;
    }

    private static Pair pair(int one, int oneValue, int other, int otherValue) {
        return one < other ? new Pair(one, oneValue, other, otherValue) : new Pair(other, otherValue, one, oneValue);
    }
}
