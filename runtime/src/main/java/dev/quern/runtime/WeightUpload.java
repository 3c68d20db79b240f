package dev.quern.runtime;

import dev.quern.plan.BundleException;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.FileCheck;
import dev.quern.plan.bundle.Manifest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Uploads the weights of a plan piece by piece. The host reads each {@link #next} piece as it can, and gives it to {@link #accept}; every file is
 * read from beginning to end and its hash compared. A file that plans share is read as a whole, what other plans want of it only to be checked.
 */
final class WeightUpload {
    /** No piece is larger. A multiple of a texture's row. */
    static final int PIECE_BYTES = 16 << 20;

    private static final int ROW_BYTES = WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;

    /**
     * A part of a file that is read at once.
     *
     * @param uses the weights that begin or go on here
     * @param last whether the file ends here
     */
    record Piece(String file, long offset, int bytes, List<Use> uses, boolean last) {}

    /** Where a piece's bytes go: to an offset in a weight. */
    private record Use(WeightSpec weight, long offset) {}

    private final BundleReader bundle;
    private final Gpu gpu;
    private final Map<String, Gpu.Binding> targets;
    private final List<Piece> pieces = new ArrayList<>();
    private int next;
    private long totalBytes;
    private long doneBytes;
    private @Nullable FileCheck check;

    /**
     * The upload of a plan's weights.
     *
     * @param targets the weights' buffers and textures, by name
     */
    WeightUpload(Plan plan, BundleReader bundle, Gpu gpu, Map<String, Gpu.Binding> targets) {
        this.bundle = bundle;
        this.gpu = gpu;
        this.targets = targets;
        var files = new TreeMap<Integer, Map<Long, List<Part>>>();
        for (var weight : plan.weights()) {
            long done = 0;
            for (var segment : weight.segments()) {
                files.computeIfAbsent(segment.file(), file -> new TreeMap<>())
                        .computeIfAbsent(segment.offset(), offset -> new ArrayList<>())
                        .add(new Part(weight, done, segment.bytes()));
                done += segment.bytes();
            }
        }
        files.forEach(this::addFile);
    }

    /** A segment, seen from its weight. */
    private record Part(WeightSpec weight, long offset, long bytes) {}

    private void addFile(int index, Map<Long, List<Part>> partsByOffset) {
        String file = Manifest.weightFile(index);
        long size = bundle.source().size(file);
        totalBytes += size;
        long at = 0;
        for (var entry : partsByOffset.entrySet()) {
            var parts = entry.getValue();
            long bytes = parts.getFirst().bytes();
            if (entry.getKey() < at || parts.stream().anyMatch(part -> part.bytes() != bytes)) {
                throw new BundleException(bundle.source().name() + ": " + file + ": the weight "
                        + parts.getLast().weight().name() + " overlaps another in part");
            }
            addPieces(file, at, entry.getKey() - at, List.of(), size);
            addPieces(file, entry.getKey(), bytes, parts, size);
            at = entry.getKey() + bytes;
        }
        addPieces(file, at, size - at, List.of(), size);
    }

    private void addPieces(String file, long offset, long bytes, List<Part> parts, long size) {
        for (long done = 0; done < bytes; done += PIECE_BYTES) {
            long start = done;
            int length = (int) Math.min(PIECE_BYTES, bytes - done);
            pieces.add(new Piece(
                    file,
                    offset + done,
                    length,
                    parts.stream()
                            .map(part -> new Use(part.weight(), part.offset() + start))
                            .toList(),
                    offset + done + length == size));
        }
    }

    /** Bytes of all files that are read. */
    long totalBytes() {
        return totalBytes;
    }

    /** Bytes that are read and uploaded. */
    long doneBytes() {
        return doneBytes;
    }

    /** The piece that is wanted now, or null when all is done. */
    @Nullable
    Piece next() {
        return next < pieces.size() ? pieces.get(next) : null;
    }

    /**
     * Uploads the piece that {@link #next} named.
     *
     * @param data its bytes
     */
    void accept(ByteBuffer data) {
        var piece = pieces.get(next);
        var current = check;
        if (current == null) {
            current = bundle.check(piece.file());
            check = current;
        }
        current.update(data);
        if (piece.last()) {
            current.finish();
            check = null;
        }
        for (var use : piece.uses()) {
            var target = targets.get(use.weight().name());
            switch (target) {
                case Gpu.Binding.OfBuffer bound -> gpu.write(bound.buffer(), use.offset(), data.duplicate());
                case Gpu.Binding.OfTexture bound -> writeRows(bound.texture(), use.offset(), data.duplicate());
                case null ->
                    throw new IllegalStateException("the weight " + use.weight().name() + " has no place");
            }
        }
        doneBytes += piece.bytes();
        next++;
    }

    /** Writes whole rows; the last row of a texture may be filled only in part, zeros complete it. */
    private void writeRows(Gpu.Texture texture, long offset, ByteBuffer data) {
        int firstRow = Math.toIntExact(offset / ROW_BYTES);
        int wholeRows = data.remaining() / ROW_BYTES;
        int rest = data.remaining() % ROW_BYTES;
        int restStart = data.position() + wholeRows * ROW_BYTES;
        if (wholeRows > 0) {
            gpu.write(texture, firstRow, wholeRows, data.duplicate().limit(restStart));
        }
        if (rest > 0) {
            var row = ByteBuffer.allocateDirect(ROW_BYTES);
            row.put(data.duplicate().position(restStart));
            gpu.write(texture, firstRow + wholeRows, 1, row.clear());
        }
    }
}
