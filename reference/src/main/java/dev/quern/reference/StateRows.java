package dev.quern.reference;

import dev.quern.ir.Encoding;
import dev.quern.ir.StateType;
import java.nio.ByteBuffer;

/**
 * The rows of states as kernels keep them. Elements that share no scale lie one behind the other. Of blocks of q8_0 a
 * row has the bytes of all first, in the order of the elements, and behind them the scales of all; then up to two bytes
 * of zero, so that the next row begins with a word.
 */
public final class StateRows {
    private static final int BYTES = Encoding.Block.Q8_0.elements();
    private static final int SCALE_BYTES = Encoding.Block.Q8_0.bytes() - BYTES;

    private StateRows() {}

    /**
     * Whole rows as kernels keep them.
     *
     * @param elements of whole rows
     */
    public static byte[] encode(StateType type, float[] elements) {
        Encoding encoding = type.contents().encoding();
        byte[] encoded = BlockEncoder.of(encoding).encode(elements);
        return encoding == Encoding.Block.Q8_0 ? apart(type, encoded) : encoded;
    }

    /**
     * The elements of whole rows.
     *
     * @param rows from index 0 to the limit; read in any order
     */
    public static float[] decode(StateType type, ByteBuffer rows) {
        Encoding encoding = type.contents().encoding();
        BlockCodec codec = BlockCodec.of(encoding);
        return codec.decode(encoding == Encoding.Block.Q8_0 ? together(type, rows) : rows);
    }

    private static byte[] apart(StateType type, byte[] blocks) {
        int perRow = blocksOfRow(type);
        int rowBytes = Math.toIntExact(type.rowBytes());
        byte[] rows = new byte[blocks.length / Encoding.Block.Q8_0.bytes() / perRow * rowBytes];
        for (int block = 0; block < blocks.length / Encoding.Block.Q8_0.bytes(); block++) {
            int from = block * Encoding.Block.Q8_0.bytes();
            int row = block / perRow * rowBytes;
            System.arraycopy(blocks, from + SCALE_BYTES, rows, row + block % perRow * BYTES, BYTES);
            System.arraycopy(blocks, from, rows, scaleAt(row, block % perRow, perRow), SCALE_BYTES);
        }
        return rows;
    }

    private static ByteBuffer together(StateType type, ByteBuffer rows) {
        int perRow = blocksOfRow(type);
        int rowBytes = Math.toIntExact(type.rowBytes());
        int count = rows.limit() / rowBytes * perRow;
        ByteBuffer blocks = ByteBuffer.allocate(count * Encoding.Block.Q8_0.bytes());
        for (int block = 0; block < count; block++) {
            int row = block / perRow * rowBytes;
            for (int index = 0; index < SCALE_BYTES; index++) {
                blocks.put(rows.get(scaleAt(row, block % perRow, perRow) + index));
            }
            for (int index = 0; index < BYTES; index++) {
                blocks.put(rows.get(row + block % perRow * BYTES + index));
            }
        }
        return blocks.flip();
    }

    private static int scaleAt(int row, int block, int perRow) {
        return row + perRow * BYTES + block * SCALE_BYTES;
    }

    private static int blocksOfRow(StateType type) {
        return Math.toIntExact(type.contents().columns() / BYTES);
    }
}
