package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.endtoend.ModelCases.Case;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.passes.Pipeline;
import dev.quern.passes.Pipelines;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * However few passes run, the device computes the same: with none, by the kernels of single operations (normalisation,
 * rotation, writes to states, sums, the gate), and with each further pass by more of the fused ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnfusedTest {
    static final List<Named<DeviceProfile>> PROFILES = ModelCases.PROFILES;

    private static final int[] TOKENS = RandomModelsTest.tokens(12);
    private static final int CHUNK = 3;

    private final WgpuGpu gpu;
    private final Path folder;

    UnfusedTest(@TempDir Path folder) {
        this.folder = folder;
        this.gpu = TestDevice.open();
    }

    @AfterAll
    void closeDevice() {
        gpu.close();
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void everyPrefixOfThePipelineComputesTheSame(DeviceProfile profile, TestReporter reporter) throws IOException {
        Case each = new Case(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.Q4_1), profile);
        ByteSource model = ByteSource.of(RandomModels.write(each.shape(), each.recipe()));
        Pipeline standard = Pipelines.standard();
        CompiledModel plain = compile(model, each, standard.limit(0));
        List<float[]> expected = new ReferenceModel(plain).logits(TOKENS);
        check("no pass", plain, expected, reporter);
        for (int passes = 1; passes <= standard.steps().size(); passes++) {
            String name = standard.names().get(passes - 1);
            // Passes that only clear up choose no other kernels.
            if (name.startsWith("merge") || name.startsWith("fuse")) {
                CompiledModel compiled = compile(model, each, standard.limit(passes));
                check(passes + " passes, up to " + name, compiled, expected, reporter);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void singleOperationsComputeTheSame(DeviceProfile profile, TestReporter reporter) throws IOException {
        Case each = new Case(ModelCases.SHAPES.get(4), Recipe.APART.getFirst(), profile);
        ByteSource model = ByteSource.of(RandomModels.write(each.shape(), each.recipe()));
        CompiledModel plain = compile(model, each, Pipelines.standard().limit(0));
        List<String> kernels = plain.plan().kernels().stream().map(Kernel::name).toList();
        for (String operation : List.of("rms_norm", "rope_", "state_write", "pointwise_")) {
            assertTrue(
                    kernels.stream().anyMatch(kernel -> kernel.startsWith(operation)),
                    () -> "no kernel for " + operation + " alone among " + kernels);
        }
        check("no pass", plain, new ReferenceModel(plain).logits(TOKENS), reporter);
    }

    private static CompiledModel compile(ByteSource model, Case each, Pipeline pipeline) {
        CompileOptions options = each.options();
        return ModelCompiler.compile(
                model, new CompileOptions(options.profile(), options.context(), options.chunk(), pipeline));
    }

    private void check(String what, CompiledModel compiled, List<float[]> expected, TestReporter reporter)
            throws IOException {
        try (DeviceModel device = DeviceModel.load(compiled, gpu, folder)) {
            double stepped = Agreement.worst(what, expected, device.logits(TOKENS), RandomModelsTest.LIMIT);
            double prefilled = Agreement.check(
                    () -> what + ", prefill",
                    expected.getLast(),
                    device.prefilled(CHUNK, TOKENS),
                    RandomModelsTest.LIMIT);
            reporter.publishEntry(what, "step " + stepped + " prefill " + prefilled);
        }
    }
}
