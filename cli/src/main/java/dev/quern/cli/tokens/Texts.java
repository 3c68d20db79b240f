package dev.quern.cli.tokens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several pieces of input in one. */
public final class Texts {
    private Texts() {}

    /**
     * The parts that a byte ends. What follows the last such byte is a part unless it is empty: {@code a|b|} and
     * {@code a|b} are two parts, {@code a||b} three, and nothing at all none.
     */
    public static List<byte[]> endedBy(byte end, byte[] input) {
        List<byte[]> parts = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < input.length; at++) {
            if (input[at] == end) {
                parts.add(Arrays.copyOfRange(input, start, at));
                start = at + 1;
            }
        }
        if (start < input.length) {
            parts.add(Arrays.copyOfRange(input, start, input.length));
        }
        return parts;
    }
}
