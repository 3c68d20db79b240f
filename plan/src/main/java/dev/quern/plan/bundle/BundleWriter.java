package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.verify.PlanVerifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bundle: first the weights, in the order of their places, then plans and other files, then {@link #finish}.
 * Everything is hashed while it is written. Closing a writer that has not finished removes what was written.
 */
public final class BundleWriter implements AutoCloseable {
    private final BundleSink sink;
    private final Digest.Factory digests;
    private final List<Manifest.FileEntry> files = new ArrayList<>();
    private final List<DeviceProfile> profiles = new ArrayList<>();
    private final Map<String, Long> symbols = new LinkedHashMap<>();
    private final LinkedHashSet<String> entryPoints = new LinkedHashSet<>();
    private final Map<String, String> kernelSources = new HashMap<>();

    private @Nullable OpenFile open;
    private int weightFile = -1;
    private boolean finished;

    public BundleWriter(BundleSink sink, Digest.Factory digests) {
        this.sink = sink;
        this.digests = digests;
    }

    /**
     * Writes a weight.
     *
     * @param name for errors
     * @param segments its place, behind the places of all weights written so far
     */
    public void weight(String name, List<WeightSpec.Segment> segments, WeightContent content) {
        var cursor = new WeightCursor(name, segments);
        content.produce(cursor::accept);
        cursor.checkComplete();
    }

    /**
     * Whether the sink has all files that a weight lies in, from an earlier try: then it need not be produced again,
     * see {@link #held}.
     */
    public boolean holds(List<WeightSpec.Segment> segments) {
        return segments.stream().allMatch(segment -> sink.holds(Manifest.weightFile(segment.file())));
    }

    /**
     * Goes on behind a weight that the sink {@link #holds}.
     *
     * @param name for errors
     */
    public void held(String name, List<WeightSpec.Segment> segments) {
        for (var segment : segments) {
            OpenFile file = seek(name, segment);
            if (!file.held) {
                throw new IllegalStateException("weight " + name + ": file " + segment.file() + " is not held");
            }
            file.bytes += segment.bytes();
        }
    }

    /** Writes a plan and those of its kernels that are not written yet. The plan is verified first. */
    public void plan(Plan plan) {
        PlanVerifier.verify(plan);
        endFile();
        var kernelFiles = new HashMap<String, String>();
        for (var kernel : plan.kernels()) {
            kernelFiles.put(kernel.name(), kernel(plan.profile(), kernel));
        }
        text(
                Manifest.planFile(plan.profile().name()),
                PlanJson.write(plan, name -> Objects.requireNonNull(kernelFiles.get(name))));
        profiles.add(plan.profile());
        for (var symbol : plan.symbols()) {
            symbols.merge(symbol.name(), symbol.max(), Math::max);
        }
        plan.entryPoints().stream().map(EntryPoint::name).forEach(entryPoints::add);
    }

    /**
     * Plans share a kernel's file where the text is the same; otherwise the later plan's profile becomes part of the
     * name.
     */
    private String kernel(DeviceProfile profile, Kernel kernel) {
        String file = Manifest.kernelFile(kernel.name());
        String present = kernelSources.get(file);
        if (present != null && !present.equals(kernel.source())) {
            file = Manifest.kernelFile(kernel.name() + "-" + profile.name());
            present = kernelSources.get(file);
        }
        if (present == null) {
            text(file, kernel.source());
            kernelSources.put(file, kernel.source());
        }
        return file;
    }

    /** Writes a text file, in UTF-8. */
    public void text(String file, String content) {
        endFile();
        begin(file);
        append(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        endFile();
    }

    /** Writes the manifest and puts the bundle in its place. */
    public Manifest finish(Manifest.Model model) {
        endFile();
        var manifest = new Manifest(
                model,
                symbols.entrySet().stream()
                        .map(symbol -> new Plan.Symbol(symbol.getKey(), symbol.getValue()))
                        .toList(),
                List.copyOf(entryPoints),
                profiles,
                files);
        sink.begin(Manifest.FILE);
        sink.write(ByteBuffer.wrap(ManifestJson.write(manifest).getBytes(StandardCharsets.UTF_8)));
        sink.end();
        sink.finish();
        finished = true;
        return manifest;
    }

    @Override
    public void close() {
        if (!finished) {
            sink.abandon();
        }
    }

    private void begin(String file) {
        if (files.stream().anyMatch(entry -> entry.name().equals(file))) {
            throw new BundleException(file + ": written twice");
        }
        boolean held = sink.holds(file);
        sink.begin(file);
        open = new OpenFile(file, digests.begin(), held);
    }

    private void append(ByteBuffer piece) {
        var file = open;
        if (file == null) {
            throw new IllegalStateException("no file is open");
        }
        file.bytes += piece.remaining();
        if (file.held) {
            piece.position(piece.limit());
        } else {
            file.digest.update(piece);
            sink.write(piece);
        }
    }

    private void endFile() {
        var file = open;
        if (file != null) {
            open = null;
            sink.end();
            files.add(new Manifest.FileEntry(file.name, file.bytes, file.digest.finishHex()));
        }
    }

    /** Makes the segment's place the next that is written. */
    private OpenFile seek(String weight, WeightSpec.Segment segment) {
        if (segment.file() == weightFile + 1) {
            endFile();
            weightFile++;
            begin(Manifest.weightFile(weightFile));
        }
        var file = open;
        if (segment.file() != weightFile || file == null || segment.offset() < file.bytes) {
            throw new IllegalStateException("weight " + weight + ": its place, file " + segment.file() + " offset "
                    + segment.offset() + ", is not behind what is written");
        }
        long gap = segment.offset() - file.bytes;
        if (gap > 0) {
            append(ByteBuffer.allocate(Math.toIntExact(gap)));
        }
        return file;
    }

    private static final class OpenFile {
        private final String name;
        private final Digest digest;
        private final boolean held;
        private long bytes;

        OpenFile(String name, Digest digest, boolean held) {
            this.name = name;
            this.digest = digest;
            this.held = held;
        }
    }

    /** Distributes the pieces of a weight over its segments. */
    private final class WeightCursor {
        private final String weight;
        private final List<WeightSpec.Segment> segments;
        private int next;
        private long leftInSegment;

        WeightCursor(String weight, List<WeightSpec.Segment> segments) {
            this.weight = weight;
            this.segments = segments;
        }

        void accept(ByteBuffer piece) {
            int end = piece.limit();
            while (piece.position() < end) {
                if (leftInSegment == 0) {
                    if (next == segments.size()) {
                        throw new IllegalStateException(
                                "weight " + weight + ": more bytes came than the " + total() + " that it has room for");
                    }
                    seek(weight, segments.get(next));
                    leftInSegment = segments.get(next).bytes();
                    next++;
                }
                int part = (int) Math.min(end - piece.position(), leftInSegment);
                piece.limit(piece.position() + part);
                append(piece);
                piece.limit(end);
                leftInSegment -= part;
            }
        }

        void checkComplete() {
            if (leftInSegment != 0 || next != segments.size()) {
                throw new IllegalStateException("weight " + weight + ": fewer bytes came than its " + total());
            }
        }

        private long total() {
            return segments.stream().mapToLong(WeightSpec.Segment::bytes).sum();
        }
    }
}
