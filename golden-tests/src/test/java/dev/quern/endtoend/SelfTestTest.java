package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.bundle.files.Sha256;
import dev.quern.cli.bundle.SelfTestOracle;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.passes.Pipelines;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.Plan;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.runtime.ExecutorLoader;
import dev.quern.runtime.LoadProgress;
import dev.quern.runtime.SelfTestRun;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A bundle's self-test passes on a device that is right, and names the kernel that is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SelfTestTest {
    private final WgpuGpu gpu;
    private final Path folder;

    SelfTestTest(@TempDir Path folder) {
        this.gpu = TestDevice.open();
        this.folder = folder;
    }

    @AfterAll
    void close() {
        gpu.close();
    }

    @Test
    void aRightDevicePasses() throws Exception {
        assertEquals(Optional.empty(), run(source -> source));
    }

    /** A model file is compiled for it, and what was run is said. */
    @Test
    void verifyRunsAModelsKernelsToo() throws Exception {
        String model = Files.write(
                        folder.resolve("tiny.gguf"), NamedModels.all().get("tiny-llama"))
                .toString();
        Map<String, String> environment =
                Map.of("QUERN_CACHE", folder.resolve("cache").toString());
        String text = CommandRun.of(environment, new byte[0], List.of("verify", "--device", model))
                .succeeded()
                .out();
        assertTrue(
                text.matches("(?s).*: ok\n  checked: .*; \\d+ kernels run on \\Q"
                        + gpu.info().name() + "\\E, in \\d+ dispatches for each of 2 tokens\n"),
                text);
        String json = CommandRun.of(environment, new byte[0], List.of("verify", "--device", "--json", model))
                .succeeded()
                .out();
        assertTrue(json.contains("\"device\": \"" + gpu.info().name() + "\", \"kernels_run\": "), json);
    }

    @Test
    void aKernelBrokenOnPurposeIsNamed() throws Exception {
        Optional<String> problem =
                run(source -> source.replace("return y[index] + part0;", "return y[index] - part0;"));
        assertTrue(problem.orElse("").contains("_add_"), problem.toString());
        assertTrue(problem.orElse("").contains(" computes layer0."), problem.toString());
    }

    /** Of a large model layers are left out; every kernel runs all the same. */
    @Test
    void aTestThatLeavesLayersOutRunsAllKernels() throws Exception {
        assertEquals(Optional.empty(), run(deep(), SelfTestTest::shortened, source -> source));
        Optional<String> problem = run(
                deep(), SelfTestTest::shortened, source -> source.replace("return y[index] + part0;", "return 0.0;"));
        assertTrue(problem.orElse("").contains(" computes layer0."), problem.toString());
        problem = run(
                deep(),
                SelfTestTest::shortened,
                source -> source.contains("ROWS: u32 = 300u")
                        ? source.replace("y[index] = ", "y[index] = 1.0 + ")
                        : source);
        assertTrue(problem.orElse("").contains(" computes logits wrongly"), problem.toString());
    }

    /** Behind post-norms the last layer leaves its results elsewhere than those before it: they are moved. */
    @Test
    void whatIsReadAcrossTheGapIsMoved() throws Exception {
        var shape = new RandomModels.Shape("deep", 64, 9, 4, 2, 16, 96, true, RandomModels.Rope.PLAIN);
        Kind kind = Kind.of("gemma2").embeddingGain(1).norms(true, true);
        byte[] model = RandomModels.write(kind, shape, Recipe.uniform(GgufTensorType.Q8_0));
        SelfTest.Gap gap = shortened(compiled(model)).orElseThrow().gap().orElseThrow();
        assertFalse(gap.moves().isEmpty(), gap.toString());
        assertEquals(Optional.empty(), run(model, SelfTestTest::shortened, source -> source));
    }

    /** The layers of a mix differ: as many are left as it takes to have each kind of weight. */
    @Test
    void onlyLayersAreLeftOutWhoseKernelsOthersRun() {
        CompiledModel model = compiled(deep());
        SelfTest.Gap gap = shortened(model).orElseThrow().gap().orElseThrow();
        List<String> labels = model.plan().entryPoint(EntryPoint.STEP).steps().stream()
                .map(EntryPoint.Step::label)
                .toList();
        int from = labels.indexOf(gap.from());
        int to = labels.indexOf(gap.to());
        // Of the eight layers the third is the first in which all is Q4_K.
        assertTrue(from > labels.size() / 4 && from < labels.size() / 2, gap.toString());
        assertEquals("logits", gap.to());
        List<String> left = new ArrayList<>(labels.subList(0, from));
        left.addAll(labels.subList(to, labels.size()));
        assertEquals(
                left,
                shortened(model).orElseThrow().digests().stream()
                        .map(SelfTest.Digest::label)
                        .distinct()
                        .toList());
    }

    private static byte[] deep() {
        Map<String, GgufTensorType> more = new HashMap<>();
        for (int layer : new int[] {0, 1, 4, 7}) {
            more.put(layer + ".attn_v", GgufTensorType.Q6_K);
            more.put(layer + ".ffn_down", GgufTensorType.Q6_K);
        }
        var shape = new RandomModels.Shape("deep", 256, 8, 4, 2, 64, 256, false, RandomModels.Rope.PLAIN);
        return RandomModels.write(shape, new Recipe("a mix", GgufTensorType.Q4_K, more));
    }

    private static Optional<SelfTest> shortened(CompiledModel model) {
        return SelfTestOracle.shortened(model, Pipelines.standard());
    }

    @Test
    void theFileReadsBack() {
        var digests = List.of(SelfTest.Digest.of("a", 0, new float[] {1, -2.5f, 3e-9f}));
        var test = new SelfTest(List.of(3, 4), digests);
        assertEquals(test, SelfTest.read(test.write()));
        var move = new SelfTest.Move(new SelfTest.Place("a", 2), new SelfTest.Place("d", 3));
        var shortened = new SelfTest(List.of(3, 4), digests, Optional.of(new SelfTest.Gap("b", "c", List.of(move))));
        assertEquals(shortened, SelfTest.read(shortened.write()));
    }

    private static CompiledModel compiled(byte[] model) {
        return ModelCompiler.compile(ByteSource.of(model), CompileOptions.of(DeviceProfile.PORTABLE));
    }

    private Optional<String> run(UnaryOperator<String> damage) throws Exception {
        return run(
                RandomModels.write(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.Q4_0)),
                model -> SelfTestOracle.of(model, Pipelines.standard()),
                damage);
    }

    private Optional<String> run(
            byte[] model, Function<CompiledModel, Optional<SelfTest>> oracle, UnaryOperator<String> damage)
            throws Exception {
        CompiledModel compiled = compiled(model);
        Plan plan = compiled.plan();
        List<Kernel> kernels = plan.kernels().stream()
                .map(kernel -> new Kernel(
                        kernel.name(),
                        kernel.entryPoint(),
                        kernel.bindings(),
                        kernel.features(),
                        damage.apply(kernel.source())))
                .toList();
        Plan damaged = new Plan(
                plan.profile(),
                plan.symbols(),
                plan.buffers(),
                plan.weights(),
                kernels,
                plan.entryPoints(),
                plan.memory());
        CompiledModel written = new CompiledModel(
                compiled.file(),
                compiled.imported(),
                compiled.optimised(),
                compiled.report(),
                compiled.selection(),
                damaged,
                compiled.facts(),
                compiled.tokenizer(),
                compiled.warnings());
        Path bundle = folder.resolve("bundle.quern");
        ModelCompiler.write(
                written, () -> oracle.apply(compiled), BundleFiles.sink(bundle), Sha256::new, (done, total) -> {});
        try (var source = BundleFiles.source(bundle)) {
            var reader = BundleFiles.reader(source);
            SelfTest test = SelfTest.read(reader.text(SelfTest.FILE));
            try (var executor = ExecutorLoader.load(reader, gpu, "portable", LoadProgress.SILENT)) {
                return SelfTestRun.run(executor, test);
            }
        }
    }
}
