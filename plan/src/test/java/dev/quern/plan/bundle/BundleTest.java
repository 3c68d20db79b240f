package dev.quern.plan.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.BundleException;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.WeightSpec.Segment;
import dev.quern.plan.verify.PlanException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BundleTest {
    private static MemoryBundle written() {
        return SmallPlan.bundle(SmallPlan.plan(), "{}");
    }

    private static BundleReader open(MemoryBundle bundle) {
        return BundleReader.open(bundle, MemoryBundle::sha256);
    }

    private static void refused(MemoryBundle bundle, String message) {
        var problem = assertThrows(BundleException.class, () -> open(bundle));
        assertTrue(String.valueOf(problem.getMessage()).contains(message), problem.getMessage());
    }

    @Test
    void whatWasWrittenIsReadBack() {
        var reader = open(written());
        assertEquals(SmallPlan.plan(), reader.plan("portable"));
        assertEquals(SmallPlan.model(), reader.manifest().model());
        assertEquals(List.of("prefill", "step", "pick"), reader.manifest().entryPoints());
        assertEquals("{}", reader.text(Manifest.TOKENIZER_FILE));
        assertEquals(List.of(), reader.verify());
    }

    @Test
    void equalModelsGiveEqualBytes() {
        var one = written().files();
        var other = written().files();
        assertEquals(List.copyOf(one.keySet()), List.copyOf(other.keySet()));
        one.forEach((file, bytes) -> assertTrue(Arrays.equals(bytes, other.get(file)), file));
    }

    @Test
    void whatASinkHoldsOfAnEarlierTryIsNotWrittenAgain() {
        var whole = written();
        var plan = SmallPlan.plan();
        var again = new MemoryBundle();
        again.hold(Manifest.weightFile(0), whole.bytes(Manifest.weightFile(0)));
        int produced = 0;
        try (var writer = new BundleWriter(again, again::digest)) {
            for (var weight : plan.weights()) {
                if (writer.holds(weight.segments())) {
                    writer.held(weight.name(), weight.segments());
                } else {
                    produced++;
                    SmallPlan.write(weight, writer);
                }
            }
            SmallPlan.writeRest(plan, "{}", writer);
        }
        assertTrue(produced < plan.weights().size());
        assertEquals(whole.files().keySet(), again.files().keySet());
        whole.files()
                .forEach((file, bytes) ->
                        assertTrue(Arrays.equals(bytes, again.files().get(file)), file));
    }

    @Test
    void weightsLieWhereThePlanSays() {
        var bundle = written();
        for (var weight : SmallPlan.plan().weights()) {
            long done = 0;
            for (var segment : weight.segments()) {
                byte[] file = bundle.bytes(Manifest.weightFile(segment.file()));
                assertEquals(SmallPlan.weightByte(weight.name(), done), file[(int) segment.offset()]);
                done += segment.bytes();
                assertEquals(
                        SmallPlan.weightByte(weight.name(), done - 1),
                        file[(int) (segment.offset() + segment.bytes() - 1)]);
            }
        }
    }

    @Test
    void missingAndTruncatedFilesAreRefusedAtOpening() {
        for (var file : List.copyOf(written().files().keySet())) {
            var missing = written();
            missing.files().remove(file);
            refused(
                    missing,
                    file.equals(Manifest.FILE) ? "not a bundle: it has no manifest.json" : file + " is missing");
            if (!file.equals(Manifest.FILE)) {
                var truncated = written();
                byte[] bytes = truncated.bytes(file);
                truncated.files().put(file, Arrays.copyOf(bytes, bytes.length - 1));
                refused(
                        truncated,
                        file + " has " + (bytes.length - 1) + " bytes, but the manifest says " + bytes.length);
            }
        }
    }

    @Test
    void aTruncatedManifestIsRefused() {
        byte[] manifest = written().bytes(Manifest.FILE);
        for (int length = 0; length < manifest.length - 2; length += 97) {
            var bundle = written();
            bundle.files().put(Manifest.FILE, Arrays.copyOf(manifest, length));
            refused(bundle, "manifest.json: not a JSON object");
        }
    }

    @Test
    void anotherVersionIsRefusedWithBothNumbers() {
        var bundle = written();
        String manifest = new String(bundle.bytes(Manifest.FILE), StandardCharsets.UTF_8);
        bundle.files()
                .put(
                        Manifest.FILE,
                        manifest.replace("\"format_version\": 2", "\"format_version\": 1")
                                .getBytes(StandardCharsets.UTF_8));
        refused(bundle, "has format version 1, but this program reads format version 2; compile the model again");
    }

    @Test
    void aChangedByteIsFoundInEveryFile() {
        for (var file : List.copyOf(written().files().keySet())) {
            if (!file.equals(Manifest.FILE)) {
                var bundle = written();
                bundle.bytes(file)[0] ^= 1;
                var problems = open(bundle).verify();
                assertTrue(problems.getFirst().contains(file + " is damaged: its SHA-256 is "), problems.toString());
            }
        }
    }

    @Test
    void anUnknownProfileIsRefusedWithThoseThatThereAre() {
        var reader = open(written());
        var problem = assertThrows(BundleException.class, () -> reader.plan("quantum"));
        assertTrue(String.valueOf(problem.getMessage())
                .contains("no plan for the profile quantum; it has plans for portable"));
    }

    @Test
    void whatFailsLeavesNothing() {
        var bundle = new MemoryBundle();
        var failure = assertThrows(IllegalStateException.class, () -> {
            try (var writer = new BundleWriter(bundle, MemoryBundle::sha256)) {
                writer.weight("w", List.of(new Segment(0, 0, 32)), pieces -> pieces.accept(ByteBuffer.allocate(31)));
            }
        });
        assertEquals("weight w: fewer bytes came than its 32", failure.getMessage());
        assertTrue(bundle.abandoned());
        assertFalse(bundle.finished());
    }

    @Test
    void aPlanThatBreaksRulesIsNotWritten() {
        var bundle = new MemoryBundle();
        try (var writer = new BundleWriter(bundle, MemoryBundle::sha256)) {
            assertThrows(PlanException.class, () -> writer.plan(SmallPlan.plan(4095)));
        }
        assertTrue(bundle.abandoned());
    }
}
