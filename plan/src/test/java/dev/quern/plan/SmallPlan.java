package dev.quern.plan;

import dev.quern.plan.BufferSpec.Role;
import dev.quern.plan.EntryPoint.Bound;
import dev.quern.plan.EntryPoint.Extent;
import dev.quern.plan.EntryPoint.Step;
import dev.quern.plan.Kernel.Access;
import dev.quern.plan.bundle.BundleWriter;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.MemoryBundle;
import dev.quern.plan.bundle.SamplingAdvice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The plan of a model that is as small as can be and has one of everything: 29 tokens, 24 positions, chunks of 4
 * tokens, a ring of 6 slots, a weight in a texture and one in a buffer. Its kernels are names only; nothing compiles
 * them.
 */
public final class SmallPlan {
    /** Tokens of the vocabulary. */
    public static final int VOCABULARY = 29;

    /** Positions that there is room for. */
    public static final int CONTEXT = 24;

    /** Tokens that one run of {@code prefill} reads. */
    public static final int CHUNK = 4;

    /** Tokens that the ring holds. */
    public static final int SLOTS = 6;

    /** Two rows and a half of a texture. */
    public static final int TABLE_BYTES = 163_840;

    private SmallPlan() {}

    /** The plan for the portable profile with storage textures, its head of so many bytes. */
    public static Plan plan(long headBytes) {
        var table = new WeightSpec(
                "table",
                Placement.TEXTURE,
                "row_tiles_8",
                TABLE_BYTES,
                List.of(new WeightSpec.Segment(0, 0, TABLE_BYTES)));
        var head = new WeightSpec(
                "head",
                Placement.BUFFER,
                "plain",
                headBytes,
                List.of(new WeightSpec.Segment(0, TABLE_BYTES, headBytes)));
        var row = new Bound("arena", 0, 1024);
        var mixed = new Bound("arena", 1024, 1024);
        return new Plan(
                DeviceProfile.PORTABLE,
                List.of(new Plan.Symbol(EntryPoint.TOKENS, CHUNK)),
                List.of(
                        new BufferSpec("arena", Role.ARENA, 2048),
                        new BufferSpec("tokens", Role.TOKENS, 4 * CHUNK),
                        new BufferSpec("position", Role.POSITION, 4),
                        new BufferSpec(
                                "keys",
                                Role.STATE,
                                256L * CONTEXT,
                                Optional.of(new BufferSpec.Rows(CacheEncoding.F16, 128))),
                        new BufferSpec("logits", Role.LOGITS, 4L * 32),
                        new BufferSpec("ring", Role.RING, 4 * SLOTS)),
                List.of(table, head),
                List.of(
                        kernel("embed", Access.READ, Access.TEXTURE, Access.READ_WRITE),
                        kernel("attend", Access.READ_WRITE, Access.READ_WRITE, Access.READ_WRITE, Access.READ),
                        kernel("project", Access.READ_WRITE, Access.READ, Access.READ_WRITE),
                        kernel("pick", Access.READ, Access.READ_WRITE, Access.READ_WRITE, Access.READ_WRITE)),
                List.of(
                        new EntryPoint(
                                EntryPoint.PREFILL,
                                List.of(
                                        embed(row, new Extent(EntryPoint.TOKENS, 1, 1)),
                                        attend(row, mixed, new Extent(EntryPoint.TOKENS, 3, 2)))),
                        new EntryPoint(
                                EntryPoint.STEP,
                                List.of(
                                        embed(row, Extent.fixed(1)),
                                        attend(row, mixed, Extent.fixed(2)),
                                        new Step(
                                                "logits",
                                                "project",
                                                List.of(mixed, whole("head", headBytes), whole("logits", 128)),
                                                grid(Extent.fixed(4))))),
                        new EntryPoint(
                                EntryPoint.PICK,
                                List.of(new Step(
                                        "next token",
                                        "pick",
                                        List.of(
                                                whole("logits", 128),
                                                whole("tokens", 4 * CHUNK),
                                                whole("position", 4),
                                                whole("ring", 4 * SLOTS)),
                                        grid(Extent.fixed(1)))))),
                new MemoryCertificate(
                        2048,
                        2048,
                        List.of(
                                new MemoryCertificate.Region(EntryPoint.PREFILL, "row", 0, 1024, 0, 1),
                                new MemoryCertificate.Region(EntryPoint.PREFILL, "mixed", 1024, 1024, 1, 1),
                                new MemoryCertificate.Region(EntryPoint.STEP, "row", 0, 1024, 0, 1),
                                new MemoryCertificate.Region(EntryPoint.STEP, "mixed", 1024, 1024, 1, 2))));
    }

    /** The plan with a head of 4 KiB. */
    public static Plan plan() {
        return plan(4096);
    }

    private static Kernel kernel(String name, Access... bindings) {
        return new Kernel(name, "main", List.of(bindings), List.of(), "// " + name + "\n");
    }

    private static Step embed(Bound row, Extent extent) {
        return new Step(
                "token rows",
                "embed",
                List.of(whole("tokens", 4 * CHUNK), whole("table", TABLE_BYTES), row),
                grid(extent));
    }

    private static Step attend(Bound row, Bound mixed, Extent extent) {
        return new Step(
                "attention",
                "attend",
                List.of(row, mixed, whole("keys", 256L * CONTEXT), whole("position", 4)),
                grid(extent));
    }

    private static Bound whole(String name, long bytes) {
        return new Bound(name, 0, bytes);
    }

    private static List<Extent> grid(Extent x) {
        return List.of(x, Extent.fixed(1), Extent.fixed(1));
    }

    /** Facts on the model. */
    public static Manifest.Model model() {
        return new Manifest.Model(
                "Small",
                "llama",
                "f32",
                1234,
                1,
                32,
                2,
                1,
                VOCABULARY,
                CONTEXT,
                2 * CONTEXT,
                CacheEncoding.F16,
                SamplingAdvice.NONE);
    }

    /** The byte of a weight at an offset. */
    public static byte weightByte(String weight, long offset) {
        return (byte) (weight.hashCode() + offset * 7 + (offset >> 8) * 13);
    }

    /** Writes a plan as a bundle whose weights have the bytes of {@link #weightByte}. */
    public static void write(Plan plan, String tokenizer, BundleWriter writer) {
        for (var weight : plan.weights()) {
            write(weight, writer);
        }
        writeRest(plan, tokenizer, writer);
    }

    /** Writes a weight with the bytes of {@link #weightByte}. */
    public static void write(WeightSpec weight, BundleWriter writer) {
        writer.weight(weight.name(), weight.segments(), pieces -> {
            // A size that meets no boundary.
            int piece = 100_003;
            for (long done = 0; done < weight.bytes(); done += piece) {
                var bytes = ByteBuffer.allocate((int) Math.min(piece, weight.bytes() - done));
                for (int i = 0; i < bytes.limit(); i++) {
                    bytes.put(weightByte(weight.name(), done + i));
                }
                pieces.accept(bytes.flip());
            }
        });
    }

    /** Writes what follows the weights. */
    public static void writeRest(Plan plan, String tokenizer, BundleWriter writer) {
        writer.plan(plan);
        writer.text(Manifest.TOKENIZER_FILE, tokenizer);
        writer.finish(model());
    }

    /** The plan as a bundle in memory. */
    public static MemoryBundle bundle(Plan plan, String tokenizer) {
        var bundle = new MemoryBundle();
        try (var writer = new BundleWriter(bundle, MemoryBundle::sha256)) {
            write(plan, tokenizer, writer);
        }
        return bundle;
    }
}
