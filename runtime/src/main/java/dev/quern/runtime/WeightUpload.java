package dev.quern.runtime;

import dev.quern.plan.BundleException;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a bundle's weight files goes where, piece by piece. Every file is read from beginning to end, so that its
 * hash can be compared; a file that plans share is read as a whole, what other plans want of it only to be checked.
 */
final class WeightUpload {
    /** No piece is larger. A multiple of a texture's row. */
    static final int PIECE_BYTES = 16 << 20;

    private static final int ROW_BYTES = WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;

    /** A part of a file that is moved at once. */
    private record Piece(Manifest.FileEntry file, long offset, int bytes, List<Use> uses) {}

    /** Where a piece's bytes go: to an offset in a weight. */
    private record Use(WeightSpec weight, long offset) {}

    private final BundleReader bundle;
    private final WeightTransfer transfer;
    private final Map<String, Gpu.Binding> resources;
    private final List<Piece> pieces = new ArrayList<>();
    private int next;
    private long totalBytes;
    private long doneBytes;

    /**
     * The upload of a plan's weights.
     *
     * @param resources the weights' buffers and textures, by name
     */
    WeightUpload(Plan plan, BundleReader bundle, WeightTransfer transfer, Map<String, Gpu.Binding> resources) {
        this.bundle = bundle;
        this.transfer = transfer;
        this.resources = resources;
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
        String name = Manifest.weightFile(index);
        var file = bundle.manifest()
                .file(name)
                .orElseThrow(
                        () -> new BundleException(bundle.source().name() + ": the manifest does not list " + name));
        long size = file.bytes();
        totalBytes += size;
        long at = 0;
        for (var entry : partsByOffset.entrySet()) {
            var parts = entry.getValue();
            long bytes = parts.getFirst().bytes();
            if (entry.getKey() < at || parts.stream().anyMatch(part -> part.bytes() != bytes)) {
                throw new BundleException(bundle.source().name() + ": " + name + ": the weight "
                        + parts.getLast().weight().name() + " overlaps another in part");
            }
            addPieces(file, at, entry.getKey() - at, List.of());
            addPieces(file, entry.getKey(), bytes, parts);
            at = entry.getKey() + bytes;
        }
        addPieces(file, at, size - at, List.of());
    }

    private void addPieces(Manifest.FileEntry file, long offset, long bytes, List<Part> parts) {
        for (long done = 0; done < bytes; done += PIECE_BYTES) {
            long start = done;
            int length = (int) Math.min(PIECE_BYTES, bytes - done);
            pieces.add(new Piece(
                    file,
                    offset + done,
                    length,
                    parts.stream()
                            .map(part -> new Use(part.weight(), part.offset() + start))
                            .toList()));
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

    /** Whether everything is uploaded. */
    boolean done() {
        return next == pieces.size();
    }

    /** Uploads one piece. */
    void advance() {
        var piece = pieces.get(next);
        transfer.move(
                piece.file(),
                piece.offset(),
                piece.bytes(),
                piece.uses().stream().map(this::target).toList());
        doneBytes += piece.bytes();
        next++;
    }

    private WeightTransfer.Target target(Use use) {
        return switch (resources.get(use.weight().name())) {
            case Gpu.Binding.OfBuffer bound -> new WeightTransfer.Target.InBuffer(bound.buffer(), use.offset());
            case Gpu.Binding.OfTexture bound ->
                new WeightTransfer.Target.InTexture(bound.texture(), Math.toIntExact(use.offset() / ROW_BYTES));
            case null ->
                throw new IllegalStateException("the weight " + use.weight().name() + " has no place");
        };
    }
}
