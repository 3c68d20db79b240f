package dev.quern.golden;

import java.util.ArrayList;
import java.util.List;

/**
 * Two texts, line by line: what is only expected has a minus, what only came out a plus, and three equal lines stand
 * around.
 */
final class Difference {
    private static final int CONTEXT = 3;

    private Difference() {}

    /** A unified difference without line numbers; {@code ...} stands for equal lines left out. */
    static String unified(String expected, String actual) {
        List<String> left = expected.lines().toList();
        List<String> right = actual.lines().toList();
        int[][] common = common(left, right);
        List<String> marked = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size() && j < right.size() && left.get(i).equals(right.get(j))) {
                marked.add("  " + left.get(i));
                i++;
                j++;
            } else if (j == right.size() || (i < left.size() && common[i + 1][j] >= common[i][j + 1])) {
                marked.add("- " + left.get(i));
                i++;
            } else {
                marked.add("+ " + right.get(j));
                j++;
            }
        }
        return withContext(marked);
    }

    /** {@code common[i][j]}: the length of the longest common subsequence of the texts from lines i and j on. */
    private static int[][] common(List<String> left, List<String> right) {
        int[][] common = new int[left.size() + 1][right.size() + 1];
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int j = right.size() - 1; j >= 0; j--) {
                common[i][j] = left.get(i).equals(right.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private static String withContext(List<String> marked) {
        StringBuilder text = new StringBuilder();
        boolean skipped = false;
        for (int index = 0; index < marked.size(); index++) {
            boolean near = false;
            int from = Math.max(0, index - CONTEXT);
            for (int other = from; other <= Math.min(marked.size() - 1, index + CONTEXT); other++) {
                near |= !marked.get(other).startsWith("  ");
            }
            if (near) {
                text.append(skipped ? "  ...\n" : "").append(marked.get(index)).append('\n');
            }
            skipped = !near;
        }
        return text.isEmpty() ? "  (only line ends differ)\n" : text.toString();
    }
}
