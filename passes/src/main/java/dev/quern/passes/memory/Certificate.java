package dev.quern.passes.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where everything lies, and how good that is.
 *
 * @param alignment of every offset, in bytes
 * @param arenaBytes the size of the arena, a multiple of the alignment
 * @param lowerBoundBytes the largest live set, sizes rounded up to the alignment: no plan with aligned offsets needs
 *     less
 * @param rawBoundBytes the largest live set in bytes as they are: no plan at all needs less
 * @param optimal whether no better plan exists: the arena is the lower bound, or every order of placement was tried
 * @param places every buffer with its offset
 */
public record Certificate(
        long alignment,
        long arenaBytes,
        long lowerBoundBytes,
        long rawBoundBytes,
        boolean optimal,
        List<Placed> places) {
    public Certificate {
        places = List.copyOf(places);
    }

    /** By how much the arena is above the lower bound, in percent of the bound; 0 where there is nothing to place. */
    public double gapPercent() {
        return lowerBoundBytes == 0 ? 0 : 100.0 * (arenaBytes - lowerBoundBytes) / lowerBoundBytes;
    }

    /**
     * {@code arena 4608 bytes = lower bound (largest live set)}, or the gap in percent with one decimal, rounded up.
     */
    public String summary() {
        String arena = "arena " + arenaBytes + " bytes";
        if (arenaBytes == lowerBoundBytes) {
            return arena + " = lower bound (largest live set)";
        }
        long tenths = (long) Math.ceil(gapPercent() * 10);
        return arena + ", lower bound " + lowerBoundBytes + " bytes, gap " + tenths / 10 + "." + tenths % 10 + " %"
                + (optimal ? ", and no plan is smaller" : "");
    }

    /**
     * A line a buffer, from the bottom of the arena up: offset, bytes, first and last step, name, and what lies right
     * below it and whose memory it takes over.
     */
    public String table() {
        List<Placed> sorted = new ArrayList<>(places);
        sorted.sort(Comparator.comparingLong(Placed::offset)
                .thenComparingInt(placed -> placed.buffer().firstUse()));
        int offsetWidth = "offset".length();
        int bytesWidth = "bytes".length();
        int nameWidth = 0;
        for (Placed placed : sorted) {
            offsetWidth = Math.max(offsetWidth, Long.toString(placed.offset()).length());
            bytesWidth =
                    Math.max(bytesWidth, Long.toString(placed.buffer().bytes()).length());
            nameWidth = Math.max(nameWidth, placed.buffer().name().length());
        }
        StringBuilder table = new StringBuilder();
        row(table, offsetWidth, "offset", bytesWidth, "bytes", "from", "to").append("buffer\n");
        for (Placed placed : sorted) {
            Buffer buffer = placed.buffer();
            row(
                            table,
                            offsetWidth,
                            Long.toString(placed.offset()),
                            bytesWidth,
                            Long.toString(buffer.bytes()),
                            Integer.toString(buffer.firstUse()),
                            Integer.toString(buffer.lastUse()))
                    .append(buffer.name());
            String why = why(placed);
            if (!why.isEmpty()) {
                pad(table, nameWidth - buffer.name().length() + 2).append(why);
            }
            table.append('\n');
        }
        return table.toString();
    }

    private String why(Placed placed) {
        List<String> below = new ArrayList<>();
        List<String> before = new ArrayList<>();
        for (Placed other : places) {
            long end = other.offset() + other.buffer().alignedBytes(alignment);
            if (end == placed.offset() && other.buffer().meets(placed.buffer())) {
                below.add(other.buffer().name());
            }
            boolean shares =
                    other.offset() < placed.offset() + placed.buffer().alignedBytes(alignment) && placed.offset() < end;
            if (shares && other.buffer().lastUse() < placed.buffer().firstUse()) {
                before.add(other.buffer().name());
            }
        }
        String first = below.isEmpty() ? "" : "above " + String.join(", ", below);
        String second = before.isEmpty() ? "" : "reuses " + String.join(", ", before);
        return first + (first.isEmpty() || second.isEmpty() ? "" : ", ") + second;
    }

    private static StringBuilder row(
            StringBuilder table, int offsetWidth, String offset, int bytesWidth, String bytes, String from, String to) {
        pad(table, offsetWidth - offset.length()).append(offset);
        pad(table, 2 + bytesWidth - bytes.length()).append(bytes);
        pad(table, 6 - from.length()).append(from);
        pad(table, 6 - to.length()).append(to);
        return table.append("  ");
    }

    private static StringBuilder pad(StringBuilder text, int count) {
        for (int index = 0; index < count; index++) {
            text.append(' ');
        }
        return text;
    }
}
