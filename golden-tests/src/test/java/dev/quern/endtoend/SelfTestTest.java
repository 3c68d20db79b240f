package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    @Test
    void theFileReadsBack() {
        var test = new SelfTest(List.of(3, 4), List.of(SelfTest.Digest.of("a", new float[] {1, -2.5f, 3e-9f})));
        assertEquals(test, SelfTest.read(test.write()));
    }

    private Optional<String> run(UnaryOperator<String> damage) throws Exception {
        byte[] model = RandomModels.write(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.Q4_0));
        CompiledModel compiled = ModelCompiler.compile(ByteSource.of(model), CompileOptions.of(DeviceProfile.PORTABLE));
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
                written,
                () -> SelfTestOracle.of(compiled, Pipelines.standard()),
                BundleFiles.sink(bundle),
                Sha256::new,
                (done, total) -> {});
        try (var source = BundleFiles.source(bundle)) {
            var reader = BundleFiles.reader(source);
            SelfTest test = SelfTest.read(reader.text(SelfTest.FILE));
            try (var executor = ExecutorLoader.load(reader, gpu, "portable", LoadProgress.SILENT)) {
                return SelfTestRun.run(executor, test);
            }
        }
    }
}
