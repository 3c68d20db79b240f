package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import dev.quern.plan.Plan;
import dev.quern.plan.verify.PlanVerifier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a bundle. Opening checks the manifest and that every file is there with its size; a text file is checked
 * against its hash whenever it is read; weights are checked by whoever reads them all, with {@link FileCheck}.
 */
public final class BundleReader {
    /** Larger text files are refused rather than read into memory. */
    private static final long MAX_TEXT_BYTES = 256L << 20;

    private static final int CHECK_PIECE = 1 << 20;

    private final BundleSource source;
    private final Digest.Factory digests;
    private final KnownFiles known;
    private final Manifest manifest;

    private BundleReader(BundleSource source, Digest.Factory digests, KnownFiles known, Manifest manifest) {
        this.source = source;
        this.digests = digests;
        this.known = known;
        this.manifest = manifest;
    }

    /** Opens a bundle; every file is hashed whenever it is read. */
    public static BundleReader open(BundleSource source, Digest.Factory digests) {
        return open(source, digests, KnownFiles.NONE);
    }

    /** Opens a bundle of which some files may be known from before. */
    public static BundleReader open(BundleSource source, Digest.Factory digests, KnownFiles known) {
        if (!source.has(Manifest.FILE)) {
            throw new BundleException(source.name() + ": not a bundle: it has no " + Manifest.FILE);
        }
        String text = decode(readBytes(source, Manifest.FILE));
        Manifest manifest;
        try {
            manifest = ManifestJson.read(text);
        } catch (BundleException e) {
            throw new BundleException(source.name() + ": " + e.getMessage(), e);
        }
        var reader = new BundleReader(source, digests, known, manifest);
        for (var file : manifest.files()) {
            var problem = reader.sizeProblem(file);
            if (!problem.isEmpty()) {
                throw new BundleException(source.name() + ": " + problem);
            }
        }
        return reader;
    }

    /** What the bundle holds. */
    public Manifest manifest() {
        return manifest;
    }

    /** Where the bundle is read from. */
    public BundleSource source() {
        return source;
    }

    /** A text file of the bundle, checked against its hash. */
    public String text(String file) {
        var entry = entry(file);
        var bytes = readBytes(source, file);
        var check = new FileCheck(source.name(), entry, digests, known);
        check.update(bytes);
        check.finish();
        return decode(bytes);
    }

    /**
     * The plan for a profile of the manifest, verified.
     *
     * @param profile its name
     */
    public Plan plan(String profile) {
        var known = manifest.profiles().stream()
                .filter(candidate -> candidate.name().equals(profile))
                .findFirst()
                .orElseThrow(() -> new BundleException(
                        source.name() + ": has no plan for the profile " + profile + "; it has plans for "
                                + profileNames() + ". Compile the model again with --profile " + profile));
        String file = Manifest.planFile(profile);
        String text = text(file);
        Plan plan;
        try {
            plan = PlanJson.read(file, text, this::text);
        } catch (BundleException e) {
            throw new BundleException(source.name() + ": " + e.getMessage(), e);
        }
        if (!plan.profile().equals(known)) {
            throw new BundleException(
                    source.name() + ": " + file + ": its profile is not the one that the manifest describes");
        }
        var problems = new ArrayList<>(PlanVerifier.problems(plan));
        problems.addAll(weightProblems(plan));
        if (!problems.isEmpty()) {
            throw new BundleException(source.name() + ": " + file + ": " + String.join("; ", problems));
        }
        return plan;
    }

    /** The names of the profiles that the bundle has plans for. */
    public String profileNames() {
        return String.join(
                ", ", manifest.profiles().stream().map(known -> known.name()).toList());
    }

    /** A check of a file's hash, for whoever reads the file from beginning to end. */
    public FileCheck check(String file) {
        return new FileCheck(source.name(), entry(file), digests, known);
    }

    /** Reads every file and compares sizes and hashes, whatever is known; the problems found, in sentences. */
    public List<String> verify() {
        var problems = new ArrayList<String>();
        var piece = ByteBuffer.allocateDirect(CHECK_PIECE);
        for (var file : manifest.files()) {
            try {
                var check = new FileCheck(source.name(), file, digests, KnownFiles.NONE);
                for (long offset = 0; offset < file.bytes(); offset += piece.limit()) {
                    piece.clear().limit((int) Math.min(CHECK_PIECE, file.bytes() - offset));
                    source.read(file.name(), offset, piece);
                    check.update(piece.flip());
                }
                check.finish();
            } catch (BundleException e) {
                problems.add(e.getMessage());
            }
        }
        for (var profile : manifest.profiles()) {
            try {
                plan(profile.name());
            } catch (BundleException e) {
                problems.add(e.getMessage());
            }
        }
        return problems;
    }

    /** Every segment must lie within a file of the bundle. */
    private List<String> weightProblems(Plan plan) {
        var problems = new ArrayList<String>();
        for (var weight : plan.weights()) {
            for (var segment : weight.segments()) {
                String file = Manifest.weightFile(segment.file());
                long size = manifest.file(file).map(Manifest.FileEntry::bytes).orElse(-1L);
                if (size < 0) {
                    problems.add("weight " + weight.name() + " lies in " + file + ", which the manifest does not list");
                } else if (segment.offset() > size || segment.bytes() > size - segment.offset()) {
                    problems.add("weight " + weight.name() + " reaches to byte " + (segment.offset() + segment.bytes())
                            + " of " + file + ", which has " + size);
                }
            }
        }
        return problems;
    }

    private String sizeProblem(Manifest.FileEntry file) {
        if (!source.has(file.name())) {
            return file.name() + " is missing; copy the bundle again, or compile the model again";
        }
        long size = source.size(file.name());
        return size == file.bytes()
                ? ""
                : file.name() + " has " + size + " bytes, but the manifest says " + file.bytes()
                        + "; copy the bundle again, or compile the model again";
    }

    private Manifest.FileEntry entry(String file) {
        return manifest.file(file)
                .orElseThrow(() -> new BundleException(source.name() + ": the manifest does not list " + file));
    }

    private static ByteBuffer readBytes(BundleSource source, String file) {
        long size = source.size(file);
        if (size > MAX_TEXT_BYTES) {
            throw new BundleException(source.name() + ": " + file + " has " + size
                    + " bytes; no text file of a bundle has more than " + MAX_TEXT_BYTES);
        }
        var bytes = ByteBuffer.allocate((int) size);
        source.read(file, 0, bytes);
        return bytes.flip();
    }

    private static String decode(ByteBuffer bytes) {
        return new String(bytes.array(), bytes.arrayOffset(), bytes.limit(), StandardCharsets.UTF_8);
    }
}
