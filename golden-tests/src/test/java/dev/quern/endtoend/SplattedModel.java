package dev.quern.endtoend;

import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The file of a model of any size which lies nowhere: a header with all tensors, and one byte over and over where their
 * data are.
 */
final class SplattedModel implements ByteSource {
    /** Makes halves of about 0.0007, so that scales are ordinary numbers. */
    private static final byte SPLAT = 0x11;

    /** The last metadata, after which the table of tensors begins. */
    private static final String LAST_VALUE = "the last value of the metadata";

    private static final int ALIGNMENT = 32;

    private final byte[] header;
    private final long size;
    private final long longestRow;
    private long largestRead;

    private SplattedModel(byte[] header, long size, long longestRow) {
        this.header = header;
        this.size = size;
        this.longestRow = longestRow;
    }

    /** The model with these sizes. */
    static SplattedModel of(Kind kind, Shape shape, int vocabulary, Recipe recipe) {
        var table = new Table();
        RandomModels.tensors(kind, shape, vocabulary, recipe, table);
        byte[] header = header(RandomModels.metadata(kind, shape, vocabulary, recipe.toString()), table);
        return new SplattedModel(header, header.length + table.bytes, table.longestRow);
    }

    /** The bytes of the longest row of any tensor; a vector is one row. */
    long longestRow() {
        return longestRow;
    }

    /** The most bytes of tensors that were read at once. */
    long largestRead() {
        return largestRead;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) {
        int known = Math.clamp(header.length - offset, 0, length);
        if (known > 0) {
            System.arraycopy(header, (int) offset, target, start, known);
        }
        Arrays.fill(target, start + known, start + length, SPLAT);
        if (offset >= header.length) {
            largestRead = Math.max(largestRead, length);
        }
    }

    /** Everything before the data: the metadata as the writer of small models has them, and the table behind them. */
    private static byte[] header(GgufWriter metadata, Table table) {
        byte[] without = metadata.string("general.description", LAST_VALUE).toBytes();
        int end = lastIndexOf(without, LAST_VALUE) + LAST_VALUE.length();
        int length =
                end + table.entries.stream().mapToInt(entry -> entry.length).sum();
        ByteBuffer header =
                ByteBuffer.allocate(Math.ceilDiv(length, ALIGNMENT) * ALIGNMENT).order(ByteOrder.LITTLE_ENDIAN);
        header.put(without, 0, end);
        table.entries.forEach(header::put);
        header.putLong(8, table.entries.size());
        return header.array();
    }

    private static int lastIndexOf(byte[] bytes, String ascii) {
        return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(ascii);
    }

    /** The table of tensors, as it stands in a file. */
    private static final class Table implements TensorReceiver {
        private final List<byte[]> entries = new ArrayList<>();
        private long bytes;
        private long longestRow;

        @Override
        public void matrix(String name, GgufTensorType type, int columns, int rows, double gain) {
            add(name + ".weight", type, columns, rows);
        }

        @Override
        public void vector(String name, int elements, double centre, double spread) {
            add(name, GgufTensorType.F32, elements);
        }

        private void add(String name, GgufTensorType type, long... extents) {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            ByteBuffer entry =
                    ByteBuffer.allocate(24 + text.length + 8 * extents.length).order(ByteOrder.LITTLE_ENDIAN);
            entry.putLong(text.length).put(text).putInt(extents.length);
            Arrays.stream(extents).forEach(entry::putLong);
            entry.putInt(type.id()).putLong(bytes);
            entries.add(entry.array());
            long row = extents[0] / type.blockElements() * type.blockBytes();
            longestRow = Math.max(longestRow, row);
            long whole = row * (extents.length == 1 ? 1 : extents[1]);
            bytes += Math.ceilDiv(whole, ALIGNMENT) * ALIGNMENT;
        }
    }
}
