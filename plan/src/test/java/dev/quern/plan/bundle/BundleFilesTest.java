package dev.quern.plan.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.BundleException;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.WeightSpec.Segment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How weights, plans and other files become files of a bundle, and what is refused of the files that a reader finds.
 */
class BundleFilesTest {
    private final MemoryBundle bundle = new MemoryBundle();

    private BundleWriter writer() {
        return new BundleWriter(bundle, MemoryBundle::sha256);
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    /** Bytes in pieces of any size, which need not begin at the beginning of their buffers. */
    private static WeightContent pieces(byte[] bytes, int size) {
        return pieces -> {
            for (int at = 0; at < bytes.length; at += size) {
                int count = Math.min(size, bytes.length - at);
                ByteBuffer piece = ByteBuffer.allocate(count + 9).position(5);
                piece.put(bytes, at, count).flip().position(5);
                pieces.accept(piece);
                assertFalse(piece.hasRemaining());
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 65_536, 200_000})
    void aWeightLiesInTheFilesThatItsPlaceNamesWithZerosBetween(int size) {
        byte[] first = random(300);
        byte[] second = random(150_000);
        byte[] third = random(16);
        try (BundleWriter writer = writer()) {
            writer.weight("first", List.of(new Segment(0, 0, 300)), pieces(first, size));
            writer.weight(
                    "second",
                    List.of(new Segment(1, 0, 65_536), new Segment(2, 0, 65_536), new Segment(3, 0, 18_928)),
                    pieces(second, size));
            writer.weight("third", List.of(new Segment(3, 18_944, 16)), pieces(third, size));
            // The text closes the last file of weights.
            writer.text("note.txt", "text");
            Manifest manifest = writer.finish(SmallPlan.model());
            assertEquals(
                    List.of(
                            "weights/000.bin 300",
                            "weights/001.bin 65536",
                            "weights/002.bin 65536",
                            "weights/003.bin 18960",
                            "note.txt 4"),
                    manifest.files().stream()
                            .map(file -> file.name() + " " + file.bytes())
                            .toList());
        }
        assertTrue(bundle.finished());
        assertFalse(bundle.abandoned());
        assertArrayEquals(first, bundle.bytes("weights/000.bin"));
        ByteBuffer all = ByteBuffer.allocate(150_000)
                .put(bundle.bytes("weights/001.bin"))
                .put(bundle.bytes("weights/002.bin"))
                .put(bundle.bytes("weights/003.bin"), 0, 150_000 - 131_072);
        assertArrayEquals(second, all.array());
        // 18,928 bytes, then zeros up to a multiple of 256.
        ByteBuffer tail =
                ByteBuffer.allocate(18_960 - 18_928).position(18_944 - 18_928).put(third);
        assertEquals(
                tail.flip(),
                ByteBuffer.wrap(bundle.bytes("weights/003.bin"))
                        .position(18_928)
                        .slice());
    }

    @Test
    void aBundleOfWeightsAloneIsCompleteToo() {
        try (BundleWriter writer = writer()) {
            writer.weight("w", List.of(new Segment(0, 0, 16)), pieces(random(16), 16));
            writer.finish(SmallPlan.model());
        }
        assertEquals(
                List.of("weights/000.bin", Manifest.FILE),
                List.copyOf(bundle.files().keySet()));
        assertEquals(List.of(), open(bundle).verify());
    }

    @Test
    void placesThatAreNotBehindWhatIsWrittenAreRefused() {
        refused("weight w: its place, file 1 offset 0, is not behind what is written", new Segment(1, 0, 16));
        refused(
                "weight w: its place, file 0 offset 0, is not behind what is written",
                new Segment(0, 0, 16),
                new Segment(0, 0, 16));
        refused(
                "weight w: its place, file 0 offset 15, is not behind what is written",
                new Segment(0, 0, 16),
                new Segment(0, 15, 16));
    }

    private void refused(String message, Segment... segments) {
        try (BundleWriter writer = writer()) {
            IllegalStateException problem = assertThrows(
                    IllegalStateException.class,
                    () -> writer.weight("w", List.of(segments), pieces(random(16 * segments.length), 16)));
            assertEquals(message, problem.getMessage());
        }
    }

    @Test
    void moreBytesThanThePlaceHasAreRefused() {
        try (BundleWriter writer = writer()) {
            IllegalStateException problem = assertThrows(
                    IllegalStateException.class,
                    () -> writer.weight("w", List.of(new Segment(0, 0, 16)), pieces(random(17), 17)));
            assertEquals("weight w: more bytes came than the 16 that it has room for", problem.getMessage());
        }
    }

    @Test
    void aFileIsWrittenOnce() {
        try (BundleWriter writer = writer()) {
            writer.text("a.txt", "1");
            writer.text("b.txt", "2");
            BundleException problem = assertThrows(BundleException.class, () -> writer.text("a.txt", "3"));
            assertEquals("a.txt: written twice", problem.getMessage());
        }
    }

    /** Two profiles, of whose kernels one is the same and one is not. */
    @Test
    void plansShareTheKernelsThatAreTheSame() {
        Plan plan = SmallPlan.plan();
        List<Kernel> kernels = new ArrayList<>(plan.kernels());
        Kernel pick = kernels.removeLast();
        kernels.add(new Kernel(pick.name(), pick.entryPoint(), pick.bindings(), pick.features(), "// another\n"));
        DeviceProfile portable = plan.profile();
        DeviceProfile other =
                new DeviceProfile("other", portable.shape(), portable.placement(), 32, 0, portable.limits());
        Plan second = new Plan(
                other, plan.symbols(), plan.buffers(), plan.weights(), kernels, plan.entryPoints(), plan.memory());
        try (BundleWriter writer = writer()) {
            for (WeightSpec weight : plan.weights()) {
                writer.weight(weight.name(), weight.segments(), pieces(random((int) weight.bytes()), 50_000));
            }
            writer.plan(plan);
            writer.plan(second);
            writer.finish(SmallPlan.model());
        }
        BundleReader reader = open(bundle);
        assertEquals(plan, reader.plan("portable"));
        assertEquals(second, reader.plan("other"));
        assertEquals("portable, other", reader.profileNames());
        assertEquals(
                List.of("attend", "embed", "pick-other", "pick", "project").stream()
                        .map(name -> "kernels/" + name + ".wgsl")
                        .toList(),
                bundle.files().keySet().stream()
                        .filter(file -> file.startsWith("kernels/"))
                        .sorted()
                        .toList());
    }

    private static BundleReader open(MemoryBundle bundle) {
        return BundleReader.open(bundle, MemoryBundle::sha256);
    }

    @Test
    void weightsThatReachBeyondTheirFilesAreNamed() {
        assertEquals(
                "memory: plan-portable.json: weight head reaches to byte 167952 of weights/000.bin, which has 167936",
                weightProblem(4112, new Segment(0, 163_840, 4112)));
        assertEquals(
                "memory: plan-portable.json: weight head reaches to byte 172288 of weights/000.bin, which has 167936",
                weightProblem(4096, new Segment(0, 168_192, 4096)));
        assertEquals(
                "memory: plan-portable.json: weight head lies in weights/007.bin, which the manifest does not list",
                weightProblem(4096, new Segment(7, 0, 4096)));
    }

    /** What is said of a plan whose head lies elsewhere than it was written. */
    private String weightProblem(long bytes, Segment segment) {
        MemoryBundle written = new MemoryBundle();
        Plan plan = SmallPlan.plan(bytes);
        WeightSpec head = plan.weights().get(1);
        Plan moved = new Plan(
                plan.profile(),
                plan.symbols(),
                plan.buffers(),
                List.of(
                        plan.weights().getFirst(),
                        new WeightSpec(head.name(), head.placement(), head.layout(), bytes, List.of(segment))),
                plan.kernels(),
                plan.entryPoints(),
                plan.memory());
        try (BundleWriter writer = new BundleWriter(written, MemoryBundle::sha256)) {
            for (WeightSpec weight : SmallPlan.plan().weights()) {
                writer.weight(weight.name(), weight.segments(), pieces(random((int) weight.bytes()), 50_000));
            }
            writer.plan(moved);
            writer.finish(SmallPlan.model());
        }
        BundleReader reader = open(written);
        return String.valueOf(assertThrows(BundleException.class, () -> reader.plan("portable"))
                .getMessage());
    }

    @Test
    void filesAreReadInPiecesWhateverTheirSize() {
        BundleReader reader = open(SmallPlan.bundle(SmallPlan.plan(3 << 20), "{}"));
        assertEquals(List.of(), reader.verify());
    }

    @Test
    void whatTheManifestDoesNotListIsNotRead() {
        MemoryBundle written = SmallPlan.bundle(SmallPlan.plan(), "{}");
        written.files().put("more.txt", new byte[1]);
        BundleReader reader = open(written);
        assertSame(written, reader.source());
        for (Runnable read : List.<Runnable>of(() -> reader.text("more.txt"), () -> reader.check("more.txt"))) {
            BundleException problem = assertThrows(BundleException.class, read::run);
            assertEquals("memory: the manifest does not list more.txt", problem.getMessage());
        }
    }

    @Test
    void aTextThatChangedAfterOpeningIsRefused() {
        MemoryBundle written = SmallPlan.bundle(SmallPlan.plan(), "{}");
        BundleReader reader = open(written);
        written.bytes(Manifest.TOKENIZER_FILE)[0] = '[';
        BundleException problem = assertThrows(BundleException.class, () -> reader.text(Manifest.TOKENIZER_FILE));
        assertTrue(
                String.valueOf(problem.getMessage()).contains(Manifest.TOKENIZER_FILE + " is damaged"),
                problem.getMessage());
    }

    @Test
    void hashesAreWrittenInHexadecimal() {
        Digest digest = MemoryBundle.sha256();
        digest.update(ByteBuffer.wrap("abc".getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                digest.finishHex(),
                "the example of the standard");
    }

    /**
     * A name that leads out of the bundle, or that some file system does not take, is refused before a file is opened.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", "../a", "a/../b", "a/..", "/a", "a//b", "a/", ".a", "a/.b", "a b", "a\\b", "a:b", "ä",
                "a@", "a[", "a`", "a{", "a;", "a\n"
            })
    void namesThatAreNoPlainPathsAreRefused(String name) {
        BundleException problem = assertThrows(BundleException.class, () -> manifest("tokenizer.json", name));
        assertTrue(
                String.valueOf(problem.getMessage())
                        .contains("expected a relative file name of letters, digits, '.', '_' and '-', found "),
                problem.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "A", "Z", "0", "9", "-", "_", "a.b", "a..b", "az/AZ/09-_.x"})
    void plainPathsAreTaken(String name) {
        assertTrue(manifest("tokenizer.json", name).file(name).isPresent());
    }

    @Test
    void aHashHas64LowerCaseDigits() {
        String hash =
                manifest("x", "x").file(Manifest.TOKENIZER_FILE).orElseThrow().sha256();
        for (String wrong : List.of(
                hash.substring(1),
                hash + "0",
                "A" + hash.substring(1),
                "g" + hash.substring(1),
                "`" + hash.substring(1))) {
            BundleException problem = assertThrows(BundleException.class, () -> manifest(hash, wrong));
            assertTrue(
                    String.valueOf(problem.getMessage()).contains("expected 64 lower-case hexadecimal digits"),
                    problem.getMessage());
        }
        manifest(hash, "0".repeat(63) + "f");
    }

    @Test
    void whatIsToDoDependsOnWhichSideIsOlder() {
        String found = "\"format_version\": " + Manifest.FORMAT_VERSION;
        BundleException newer = assertThrows(BundleException.class, () -> manifest(found, found + "0"));
        assertTrue(String.valueOf(newer.getMessage()).contains("; use a newer program, or"), newer.getMessage());
        BundleException older = assertThrows(BundleException.class, () -> manifest(found, "\"format_version\": 1"));
        assertTrue(String.valueOf(older.getMessage()).endsWith("; compile the model again"), older.getMessage());
    }

    /** The small bundle's manifest with a text replaced. */
    private static Manifest manifest(String found, String replacement) {
        byte[] manifest = SmallPlan.bundle(SmallPlan.plan(), "{}").bytes(Manifest.FILE);
        return ManifestJson.read(new String(manifest, StandardCharsets.UTF_8)
                .replace(found, replacement.replace("\\", "\\\\").replace("\n", "\\n")));
    }
}
