package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.bundle.files.Sha256;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelCompiler;
import dev.quern.endtoend.FamilyCases.Case;
import dev.quern.gguf.ByteSource;
import dev.quern.passes.Pipelines;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.Engine;
import dev.quern.runtime.Generation;
import dev.quern.runtime.GenerationRequest;
import dev.quern.runtime.LoadProgress;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.Session;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import dev.quern.text.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layers that see a window keep a ring of the last positions: the same is computed as from states of all, however far
 * one reads, and a conversation may go back to wherever it likes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RingStatesTest {
    private static final int CONTEXT = 64;
    private static final int CHUNK = 8;
    private static final int POSITIONS = 60;

    private final WgpuGpu gpu;
    private final Path folder;

    RingStatesTest(@TempDir Path folder) {
        this.folder = folder;
        this.gpu = TestDevice.open();
    }

    @AfterAll
    void closeDevice() {
        gpu.close();
    }

    /** Models with windows, each on every profile. */
    static Stream<Case> cases() {
        return Stream.concat(FamilyCases.tiny().limit(2), FamilyCases.all())
                .filter(each -> each.kind().name().matches(".*(windows|knees|pattern).*"))
                .flatMap(each -> DeviceProfile.ALL.stream()
                        .map(profile -> new Case(each.kind(), each.shape(), each.recipe(), profile)));
    }

    private static CompileOptions options(Case each) {
        return new CompileOptions(each.profile(), CONTEXT, CHUNK, Pipelines.standard());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void computeWhatStatesOfAllPositionsDo(Case each, TestReporter reporter) throws IOException {
        byte[] model = each.write();
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        CompileOptions floats = options(each).withCache(CacheEncoding.F32);
        try (DeviceModel device = DeviceModel.load(ByteSource.of(model), floats, gpu, folder)) {
            List<Long> rows = device.compiled().plan().buffers().stream()
                    .filter(buffer -> buffer.role() == BufferSpec.Role.STATE)
                    .map(BufferSpec::positions)
                    .distinct()
                    .sorted()
                    .toList();
            assertEquals(2, rows.size(), () -> "rows of states: " + rows);
            assertEquals(CONTEXT, rows.getLast());
            assertTrue(rows.getFirst() < POSITIONS / 2, () -> "rows of states: " + rows);
            // Its chunk is the whole text, and so its states are.
            ReferenceModel whole = ReferenceModel.withCachesOfFloats(model, POSITIONS);
            List<float[]> expected = whole.logits(tokens);
            double ring = Agreement.worst(
                    "the interpreter", expected, new ReferenceModel(device.compiled()).logits(tokens), 0);
            double worst = Agreement.worst("step", expected, device.logits(tokens), each.limitOnDevice());
            double chunks = 0;
            for (int size = 1; size <= CHUNK; size++) {
                int count = size;
                chunks = Math.max(
                        chunks,
                        Agreement.check(
                                () -> "prefill of " + count,
                                expected.getLast(),
                                device.prefilled(count, tokens),
                                each.limitOnDevice()));
            }
            reporter.publishEntry(each.toString(), "rings " + ring + ", step " + worst + ", prefill " + chunks);
        }
    }

    /** Turns are changed, answers are made anew, and prompts are cut, as far back as one likes. */
    @ParameterizedTest
    @MethodSource("cases")
    void aConversationThatGoesBackIsThatOfAFreshOne(Case each) throws IOException {
        try (Engine engine = load(each);
                Engine fresh = load(each)) {
            Random random = new Random(7);
            List<Integer> text = new ArrayList<>();
            boolean kept = false;
            boolean readAgain = false;
            for (int turn = 0; turn < 24; turn++) {
                int back =
                        turn % 3 == 0 ? random.nextInt(text.size() + 1) : random.nextInt(Math.min(text.size(), 5) + 1);
                text = new ArrayList<>(text.subList(0, text.size() - back));
                for (int more = 1 + random.nextInt(12); more > 0; more--) {
                    text.add(3 + random.nextInt(200));
                }
                text = new ArrayList<>(text.subList(Math.max(0, text.size() - 48), text.size()));
                Generation generation = generate(engine.session(), text, 1 + random.nextInt(9));
                fresh.session().reset();
                Generation other =
                        generate(fresh.session(), text, generation.tokens().size());
                assertEquals(other.tokens(), generation.tokens(), "turn " + turn);
                int reused = generation.statistics().reusedTokens();
                kept |= reused > 0;
                readAgain |= reused == 0 && turn > 0;
                text.addAll(generation.tokens());
            }
            assertTrue(kept && readAgain, "kept " + kept + ", read again " + readAgain);
        }
    }

    private static Generation generate(Session session, List<Integer> prompt, int count) {
        var request = new GenerationRequest(prompt, count, Sampling.GREEDY, List.of());
        var generation = session.generate(request, () -> false, text -> {});
        generation.finish();
        return generation;
    }

    private Engine load(Case each) throws IOException {
        List<String> misfits = ProfileMatcher.misfits(each.profile(), gpu.info());
        Assumptions.assumeTrue(misfits.isEmpty(), misfits::toString);
        Path bundle = Files.createTempDirectory(folder, "model").resolve("bundle.quern");
        ModelCompiler.write(
                ModelCompiler.compile(ByteSource.of(each.write()), options(each)),
                BundleFiles.sink(bundle),
                Sha256::new,
                (done, total) -> {});
        try (var source = BundleFiles.source(bundle)) {
            return Engine.load(
                    BundleFiles.reader(source), gpu, each.profile().name(), LoadProgress.SILENT, System::nanoTime);
        }
    }
}
