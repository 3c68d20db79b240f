package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.BundleException;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.DeviceProfile.Limits;
import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.WeightSpec.Segment;
import dev.quern.plan.bundle.BundleWriter;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.MemoryBundle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which profiles a device fits, and how weights come to it. */
class FittingTest {
    private static final Limits LIMITS = Limits.DEFAULT;

    private static DeviceInfo device(DeviceInfo.Kind kind, String name, Limits limits, int minimum, int maximum) {
        return new DeviceInfo(name, kind, "none", "none", limits, minimum, maximum, true);
    }

    private static DeviceInfo limited(
            long binding, long buffer, int invocations, int storage, int texture, int groups) {
        return device(
                DeviceInfo.Kind.DISCRETE,
                "Card",
                new Limits(binding, buffer, invocations, storage, texture, groups),
                32,
                32);
    }

    /** Each limit in turn: what is offered exactly fits, one less does not and is named. */
    @Test
    void everyLimitIsCompared() {
        assertEquals(
                List.of(),
                ProfileMatcher.misfits(
                        DeviceProfile.PORTABLE, limited(128L << 20, 256L << 20, 256, 16384, 8192, 65535)));
        misses(
                "maxStorageBufferBindingSize 134217728, the device offers 134217727",
                limited((128L << 20) - 1, 256L << 20, 256, 16384, 8192, 65535));
        misses(
                "maxBufferSize 268435456, the device offers 268435455",
                limited(128L << 20, (256L << 20) - 1, 256, 16384, 8192, 65535));
        misses(
                "maxComputeInvocationsPerWorkgroup 256, the device offers 255",
                limited(128L << 20, 256L << 20, 255, 16384, 8192, 65535));
        misses(
                "maxComputeWorkgroupStorageSize 16384, the device offers 16383",
                limited(128L << 20, 256L << 20, 256, 16383, 8192, 65535));
        misses(
                "maxTextureDimension2D 8192, the device offers 8191",
                limited(128L << 20, 256L << 20, 256, 16384, 8191, 65535));
        misses(
                "maxComputeWorkgroupsPerDimension 65535, the device offers 65534",
                limited(128L << 20, 256L << 20, 256, 16384, 8192, 65534));
    }

    private static void misses(String what, DeviceInfo device) {
        assertEquals(List.of("it needs " + what), ProfileMatcher.misfits(DeviceProfile.PORTABLE, device));
        assertFalse(ProfileMatcher.isMadeFor(DeviceProfile.PORTABLE, device));
    }

    @Test
    void lanesNeedSubgroupsOfTheirSizeAlone() {
        DeviceProfile lanes = DeviceProfile.CPU_VULKAN;
        assertEquals(List.of(), ProfileMatcher.misfits(lanes, device(DeviceInfo.Kind.CPU, "P", LIMITS, 8, 8)));
        for (int[] sizes : new int[][] {{4, 8}, {8, 16}, {0, 0}, {16, 16}}) {
            DeviceInfo other = device(DeviceInfo.Kind.CPU, "P", LIMITS, sizes[0], sizes[1]);
            assertEquals(
                    List.of("it needs subgroups of 8, the device offers "
                            + (sizes[1] == 0 ? "none" : sizes[0] + " to " + sizes[1])),
                    ProfileMatcher.misfits(lanes, other));
        }
    }

    @Test
    void aModelIsCompiledForTheProfileThatWasMadeForTheDevice() {
        assertEquals(DeviceProfile.CPU_VULKAN, ProfileMatcher.best(device(DeviceInfo.Kind.CPU, "P", LIMITS, 8, 8)));
        assertEquals(
                DeviceProfile.PORTABLE,
                ProfileMatcher.best(device(DeviceInfo.Kind.INTEGRATED, "G", LIMITS, 8, 8)),
                "lanes are for processors");
        assertEquals(
                DeviceProfile.CPU_SWIFTSHADER, ProfileMatcher.best(device(DeviceInfo.Kind.CPU, "P", LIMITS, 4, 4)));
        assertEquals(
                DeviceProfile.CPU_SWIFTSHADER,
                ProfileMatcher.best(device(DeviceInfo.Kind.UNKNOWN, "SwiftShader driver", LIMITS, 4, 4)));
        assertEquals(
                DeviceProfile.PORTABLE, ProfileMatcher.best(device(DeviceInfo.Kind.UNKNOWN, "Card", LIMITS, 4, 4)));
        assertEquals(
                DeviceProfile.PORTABLE,
                ProfileMatcher.best(limited(1, 1, 1, 1, 1, 1)),
                "where nothing fits, what fits most devices");
    }

    /** A plan can be compiled for smaller limits; what a device is does not depend on them. */
    @Test
    void smallerLimitsMakeNoOtherKindOfDevice() {
        Limits small = Limits.DEFAULT.atMost(Limits.ofBinding(1 << 20));
        assertEquals(DeviceProfile.CPU_VULKAN, ProfileMatcher.best(device(DeviceInfo.Kind.CPU, "P", small, 8, 8)));
        assertEquals(DeviceProfile.CPU_SWIFTSHADER, ProfileMatcher.best(device(DeviceInfo.Kind.CPU, "P", small, 4, 4)));
        assertEquals(DeviceProfile.PORTABLE, ProfileMatcher.best(device(DeviceInfo.Kind.DISCRETE, "C", small, 8, 8)));
    }

    /** What is fitted to a device is of its kind and has its limits, larger or smaller ones. */
    @Test
    void aFittedProfileHasTheLimitsOfItsDevice() {
        for (Limits limits : List.of(
                Limits.DEFAULT.atMost(Limits.ofBinding(1 << 20)),
                new Limits(2L << 30, 4L << 30, 1024, 32768, 16384, 65535))) {
            DeviceInfo card = device(DeviceInfo.Kind.DISCRETE, "C", limits, 32, 32);
            DeviceProfile fitted = ProfileMatcher.fitted(card);
            assertEquals("portable-fitted", fitted.name());
            assertEquals(limits, fitted.limits());
            assertEquals(DeviceProfile.PORTABLE.shape(), fitted.shape());
            assertEquals(List.of(), ProfileMatcher.misfits(fitted, card));
        }
    }

    private static Plan withWeights(WeightSpec table, WeightSpec head) {
        Plan plan = SmallPlan.plan();
        return new Plan(
                plan.profile(),
                plan.symbols(),
                plan.buffers(),
                List.of(table, head),
                plan.kernels(),
                plan.entryPoints(),
                plan.memory());
    }

    /** The small plan's weights at other places of one file of zeros. */
    private static MemoryBundle bundle(int fileBytes, Segment table, Segment... head) {
        Plan plan = SmallPlan.plan();
        WeightSpec first = plan.weights().getFirst();
        WeightSpec second = plan.weights().getLast();
        long headBytes = List.of(head).stream().mapToLong(Segment::bytes).sum();
        MemoryBundle bundle = new MemoryBundle();
        try (BundleWriter writer = new BundleWriter(bundle, MemoryBundle::sha256)) {
            writer.weight("file", List.of(new Segment(0, 0, fileBytes)), pieces -> {
                ByteBuffer bytes = ByteBuffer.allocate(fileBytes);
                for (int at = 0; at < fileBytes; at += 4) {
                    bytes.putInt(at, at);
                }
                pieces.accept(bytes);
            });
            assertEquals(second.bytes(), headBytes);
            writer.plan(withWeights(
                    new WeightSpec(first.name(), first.placement(), first.layout(), first.bytes(), List.of(table)),
                    new WeightSpec(second.name(), second.placement(), second.layout(), headBytes, List.of(head))));
            writer.text(Manifest.TOKENIZER_FILE, SmallModel.tokenizer());
            writer.finish(SmallPlan.model());
        }
        return bundle;
    }

    private static RecordingGpu loaded(MemoryBundle bundle, List<String> heard) {
        RecordingGpu gpu = new RecordingGpu(RecordingGpu.Simulation.NOTHING);
        ExecutorLoader.load(
                        SmallModel.reader(bundle),
                        gpu,
                        null,
                        (phase, done, total) -> heard.add(phase + " " + done + "/" + total))
                .close();
        return gpu;
    }

    /**
     * What lies before, between and behind the weights that a plan wants belongs to other plans; it is read for its
     * hash alone.
     */
    @Test
    void theWholeFileIsReadAndItsPartsGoWhereTheyBelong() {
        List<String> heard = new ArrayList<>();
        RecordingGpu gpu = loaded(
                bundle(
                        200_704,
                        new Segment(0, 4096, 163_840),
                        new Segment(0, 172_032, 1024),
                        new Segment(0, 2048, 1024),
                        new Segment(0, 196_608, 2048)),
                heard);
        for (int at = 0; at < 163_840; at += 4) {
            assertEquals(4096 + at, Integer.reverseBytes(gpu.memory("table").getInt(at)));
        }
        int[] starts = {172_032, 2048, 196_608, 196_608 + 1024};
        for (int at = 0; at < 4096; at += 4) {
            assertEquals(
                    starts[at / 1024] + at % 1024,
                    Integer.reverseBytes(gpu.memory("head").getInt(at)));
        }
        assertEquals("WEIGHTS 200704/200704", heard.getLast());
        String log = gpu.takeLog();
        assertTrue(log.contains("write table rows 0 to 1: "), log);
        assertTrue(log.contains("write table rows 2 to 2: "), "the last row is half full\n" + log);
    }

    /** Two weights may be one; they may not share a part. */
    @Test
    void weightsThatOverlapInPartAreRefused() {
        BundleException part = assertThrows(
                BundleException.class,
                () -> loaded(
                        bundle(200_704, new Segment(0, 0, 163_840), new Segment(0, 163_584, 4096)), new ArrayList<>()));
        assertEquals("memory: weights/000.bin: the weight head overlaps another in part", part.getMessage());
        BundleException sameStart = assertThrows(
                BundleException.class,
                () -> loaded(bundle(200_704, new Segment(0, 0, 163_840), new Segment(0, 0, 4096)), new ArrayList<>()));
        assertEquals("memory: weights/000.bin: the weight head overlaps another in part", sameStart.getMessage());
    }

    @Test
    void whatLoadsTellsItsPlanBeforeItIsDone() {
        RecordingGpu gpu = new RecordingGpu(RecordingGpu.Simulation.NOTHING);
        try (ExecutorLoader loader = new ExecutorLoader(
                SmallModel.reader(SmallModel.bundle(SmallPlan.plan())), gpu, "portable", LoadProgress.SILENT)) {
            assertEquals(SmallPlan.plan(), loader.plan());
            loader.advance();
            assertTrue(gpu.openResources() > 0);
            assertThrows(IllegalStateException.class, loader::executor);
        }
        assertEquals(0, gpu.openResources(), "closed early, it frees what it made");
    }

    /** A bundle whose tokenizer cannot be read is refused before anything is on the device. */
    @Test
    void aTokenizerThatCannotBeReadCostsNoMemory() {
        MemoryBundle bundle = SmallPlan.bundle(SmallPlan.plan(), "{}");
        RecordingGpu gpu = new RecordingGpu(RecordingGpu.Simulation.NOTHING);
        assertThrows(
                RuntimeException.class,
                () -> Engine.load(SmallModel.reader(bundle), gpu, null, LoadProgress.SILENT, () -> 0));
        assertEquals("", gpu.takeLog());
        assertEquals(0, gpu.openResources());
    }

    @Test
    void aPromptFillsTheContextAndNoMore() {
        try (Engine engine = SmallModel.engine(new RecordingGpu(new SmallModel(false)))) {
            int[] full = new int[SmallPlan.CONTEXT];
            java.util.Arrays.fill(full, 3);
            Generation generation =
                    engine.session().generate(GenerationRequest.greedy(full, 5), () -> false, text -> {});
            generation.finish();
            assertEquals(1, generation.tokens().size(), "the last position gives one token");
            assertEquals(StopReason.CONTEXT_FULL, generation.stopReason());
            PromptException trained = assertThrows(
                    PromptException.class,
                    () -> engine.session().generate(GenerationRequest.greedy(new int[48], 1), () -> false, text -> {}));
            assertTrue(String.valueOf(trained.getMessage())
                    .endsWith("with --context 48 (-c) or more; it was trained for 48."));
            PromptException beyond = assertThrows(
                    PromptException.class,
                    () -> engine.session().score(java.util.Collections.nCopies(49, 3), (position, row) -> {}));
            assertTrue(String.valueOf(beyond.getMessage())
                    .endsWith("Shorten it; the model was trained for no more than 48."));
        }
    }

    @Test
    void scoringIsWorkLikeAnyOther() {
        try (Engine engine = SmallModel.engine(new RecordingGpu(new SmallModel(false)))) {
            Session session = engine.session();
            Scoring scoring = session.score(List.of(3, 4, 5), (position, row) -> {});
            assertThrows(IllegalStateException.class, () -> session.score(List.of(3), (position, row) -> {}));
            scoring.finish();
            // What was scored is held: of the same beginning, all but the last token is not read again.
            Generation generation =
                    session.generate(GenerationRequest.greedy(new int[] {3, 4, 5, 6}, 2), () -> false, text -> {});
            generation.finish();
            assertEquals(3, generation.statistics().reusedTokens());
            Scoring failing = session.score(List.of(7, 8), (position, row) -> {
                throw new IllegalArgumentException("the reader has gone");
            });
            assertThrows(IllegalArgumentException.class, failing::finish);
            session.score(List.of(3), (position, row) -> {}).finish();
        }
    }

    @Test
    void whatGoesOnElsewhereKeepsThatSessionBusy() {
        try (Engine first = SmallModel.engine(new RecordingGpu(new SmallModel(false)));
                Engine second = SmallModel.engine(new RecordingGpu(new SmallModel(false)))) {
            Generation generation =
                    first.session().generate(GenerationRequest.greedy(new int[] {3, 4}, 6), () -> false, text -> {});
            generation.advance(() -> {});
            second.session().resume(generation);
            assertThrows(IllegalStateException.class, () -> second.session().reset());
        }
    }
}
