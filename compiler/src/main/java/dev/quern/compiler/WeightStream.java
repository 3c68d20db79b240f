package dev.quern.compiler;

import dev.quern.codegen.RopeTable;
import dev.quern.codegen.Selection;
import dev.quern.codegen.repack.Repack;
import dev.quern.codegen.repack.Tile;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.architecture.FiniteWeights;
import dev.quern.ir.Encoding;
import dev.quern.ir.Weight;
import dev.quern.plan.bundle.WeightContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Produces the bytes of weights as the plan wants them, a tile or a few rows at a time, and refuses those that are no
 * finite numbers.
 */
final class WeightStream {
    private static final int TABLE_ROWS = 256;
    private static final int GRANULE = 16;

    private final GgufFile file;
    private final Selection selection;

    WeightStream(GgufFile file, Selection selection) {
        this.file = file;
        this.selection = selection;
    }

    /** All bytes of a weight, in order. */
    void produce(String name, WeightContent.Pieces pieces) {
        Weight weight = selection.module().weight(name).orElseThrow();
        // No ifPresent(): what writes may wait, and must not stand behind the platform's functional interfaces.
        Optional<RopeTable> table = RopeTable.of(weight);
        if (table.isPresent()) {
            table(table.get(), pieces);
            return;
        }
        TileGeometry geometry = selection.geometries().get(name);
        if (geometry != null) {
            tiles(weight, geometry, pieces);
        } else {
            pieces.accept(padded(vector(weight)));
        }
    }

    private void tiles(Weight weight, TileGeometry geometry, WeightContent.Pieces pieces) {
        Repack repack = new Repack(geometry);
        int rowBytes = Math.toIntExact(geometry.encoding().bytesOf(geometry.columns()));
        List<Rows> parts = new ArrayList<>();
        for (Weight.Part part : weight.parts()) {
            GgufTensor tensor = file.requireTensor(part.tensor());
            parts.add(new Rows(tensor, part.rows().orElseGet(() -> new Weight.RowRange(0, tensor.bytes() / rowBytes))));
        }
        byte[] rows = new byte[Tile.ROWS * rowBytes];
        for (long tile = 0; tile < geometry.tiles(); tile++) {
            int count = geometry.rowsOf(tile);
            for (int row = 0; row < count; row++) {
                readRow(parts, geometry.firstRow(tile) + row, rowBytes, rows, row * rowBytes);
            }
            pieces.accept(repack.tile(ByteBuffer.wrap(rows, 0, count * rowBytes), tile));
        }
    }

    /** Rows of a tensor that are rows of the weight. */
    private record Rows(GgufTensor tensor, Weight.RowRange range) {}

    /** A row of the weight lies in the tensor that its number falls into, counted through all parts. */
    private void readRow(List<Rows> parts, long row, int rowBytes, byte[] target, int start) {
        long left = row;
        for (Rows part : parts) {
            if (left < part.range().count()) {
                read(part.tensor(), (part.range().first() + left) * rowBytes, target, start, rowBytes);
                return;
            }
            left -= part.range().count();
        }
        throw new IllegalStateException(
                "row " + row + " lies beyond the " + parts.size() + " parts, of which the first is of "
                        + parts.getFirst().tensor().name());
    }

    private void table(RopeTable table, WeightContent.Pieces pieces) {
        // No map(): reading may wait, and must not stand behind the platform's functional interfaces.
        Optional<String> name = table.source().factors();
        float[] factors =
                name.isPresent() ? factors(selection.module().weight(name.get()).orElseThrow()) : new float[0];
        long positions = table.positions();
        for (long first = 0; first < positions; first += TABLE_ROWS) {
            int count = (int) Math.min(TABLE_ROWS, positions - first);
            ByteBuffer rows = table.rows(first, count, factors);
            pieces.accept(first + count == positions ? padded(rows, table.bytes()) : rows);
        }
    }

    private float[] factors(Weight weight) {
        ByteBuffer data = vector(weight);
        float[] factors = new float[data.remaining() / Float.BYTES];
        for (int index = 0; index < factors.length; index++) {
            factors[index] = data.getFloat();
        }
        return factors;
    }

    /** The elements of all parts, one part after the other: a bias may be that of several matrices. */
    private ByteBuffer vector(Weight weight) {
        if (weight.type().encoding() != Encoding.Scalar.F32) {
            throw new GgufException(
                    "tensor " + weight.sources().getFirst(),
                    "A vector of " + weight.type().encoding().text() + " was found; vectors are expected as f32. "
                            + "Convert the model with its normalisation weights in f32, as converters do.");
        }
        byte[] data = new byte[Math.toIntExact(weight.type().maxElements() * Float.BYTES)];
        int at = 0;
        for (Weight.Part part : weight.parts()) {
            GgufTensor tensor = file.requireTensor(part.tensor());
            Weight.RowRange range = part.rows().orElseGet(() -> new Weight.RowRange(0, tensor.bytes() / Float.BYTES));
            int length = Math.toIntExact(range.count() * Float.BYTES);
            read(tensor, range.first() * Float.BYTES, data, at, length);
            at += length;
        }
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void read(GgufTensor tensor, long offset, byte[] target, int start, int length) {
        try {
            file.read(tensor, offset, target, start, length);
            FiniteWeights.require(tensor, offset, target, start, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer padded(ByteBuffer data) {
        return padded(data, data.remaining());
    }

    /** The piece with zeros behind it, so that the whole weight of {@code total} bytes fills its place. */
    private static ByteBuffer padded(ByteBuffer piece, long total) {
        int missing = (int) (Math.ceilDiv(total, (long) GRANULE) * GRANULE - total);
        if (missing == 0) {
            return piece;
        }
        ByteBuffer target = ByteBuffer.allocate(piece.remaining() + missing);
        target.put(piece);
        return target.clear();
    }
}
