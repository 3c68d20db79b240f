package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.bisect.KernelVerdict;
import dev.quern.cli.bisect.KernelWalk;
import dev.quern.cli.bisect.ModelGraph;
import dev.quern.cli.bisect.Observation;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.ir.Module;
import dev.quern.passes.Pipelines;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.plan.Plan;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The walk over dispatches names the kernel that was broken on purpose, and what it was to compute. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KernelWalkTest {
    static final List<Named<DeviceProfile>> PROFILES = ModelCases.PROFILES;

    private static final double LIMIT = 1e-6;
    private static final byte[] MODEL =
            RandomModels.write(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.Q4_0));

    private final WgpuGpu gpu;
    private final Path folder;
    private final ModelGraph graph;
    private final Module module;
    private final Observation expected;

    KernelWalkTest(@TempDir Path folder) {
        this.gpu = TestDevice.open();
        this.folder = folder;
        this.graph = ModelGraph.of(
                compile(DeviceProfile.PORTABLE).file(),
                List.of(7, 260, 3),
                CacheEncoding.F16,
                Long.MAX_VALUE,
                () -> {});
        this.module = Pipelines.standard().run(graph.imported());
        this.expected = graph.run().run(module);
    }

    @AfterAll
    void close() {
        gpu.close();
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void aRightDeviceAgreesDispatchByDispatch(DeviceProfile profile) throws IOException {
        var agrees = assertInstanceOf(KernelVerdict.Agrees.class, walk(compile(profile)));
        // Three steps of 15, a prefill of 12 that needs no logits, a step and a choice: what exactly is for the plan to
        // say.
        assertTrue(agrees.dispatches() > 50, "dispatches: " + agrees.dispatches());
        double worst = agrees.worst().orElseThrow().nmse();
        assertTrue(worst > 0 && worst < 1e-7, "rounding, and no more: " + worst);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    matmul_group | y[index] + part0          | y[index] - part0          | _add          | @step at position 0 | layer0.attended    | linear
                    matmul_group | - 8.0 * sum               | + 8.0 * sum               | matmul_group_q4_0 | @step at position 0 | layer0.query_key_value | linear
                    embed        | -8.0 * d                  | 8.0 * d                   | embed_q4_0    | @step at position 0 | embedding          | embed
                    matmul_group | exp(-z)                   | exp(z)                    | _silu_mul     | @step at position 0 | layer0.swiglu      | parts = 2, finish = (silu(#0) * #1)
                    place_heads  | values[at] = packed(placed) | values[0] = packed(placed) | place_heads | @step at position 0 | layer0.values_after | place_heads
                    place_heads  | - b * turn.y              | + b * turn.y              | place_heads   | @step at position 1 | layer0.query_rotated | place_heads
                    attention    | return SCALE;             | return 1.5 * SCALE;       | attention     | @step at position 1 | layer0.attention   | attention
                    matmul_group | / f32(COLUMNS) + EPSILON  | / f32(COLUMNS) + 0.1      | _normed       | @step at position 0 | layer0.query_key_value | norm =
                    pick         | = value > best_value       | = value < best_value       | pick          | @pick               | token              | argmax
                    """)
    void aKernelBrokenOnPurposeIsNamed(
            String damaged, String from, String to, String kernel, String call, String value, String op)
            throws IOException {
        KernelVerdict verdict = walk(damaged(compile(DeviceProfile.PORTABLE), damaged, from, to));
        check(verdict, kernel, call, value, op);
    }

    @ParameterizedTest
    @CsvSource({"matmul_lanes, @prefill at positions 0 to 1", "matvec_lanes, @step at position 0"})
    void theKernelOfPrefillIsToldFromThatOfStep(String kernel, String call) throws IOException {
        CompiledModel compiled = compile(DeviceProfile.CPU_VULKAN);
        KernelVerdict verdict = walk(damaged(compiled, kernel, "y[index] + part0", "y[index] - part0"));
        check(verdict, kernel, call, "layer0.attended", "finish = ");
    }

    private static void check(KernelVerdict verdict, String kernel, String call, String value, String op) {
        var wrong = assertInstanceOf(KernelVerdict.Wrong.class, verdict);
        assertEquals(value, wrong.gap().value(), wrong.toString());
        assertEquals(call, wrong.gap().call().label());
        assertTrue(wrong.kernel().name().contains(kernel), wrong.kernel().name());
        assertTrue(wrong.gap().nmse() > LIMIT, wrong.gap().toString());
        assertNotEquals(wrong.gap().expected(), wrong.gap().found());
        String text = dev.quern.ir.text.Writer.statement(wrong.op());
        assertTrue(text.contains(op) && text.contains("%" + value), text);
    }

    private KernelVerdict walk(CompiledModel model) throws IOException {
        try (DeviceModel device = DeviceModel.load(model, gpu, folder)) {
            return new KernelWalk(
                            module, graph.run().interpreters(), model.selection(), device.executor(), LIMIT, () -> {})
                    .find(expected);
        }
    }

    private static CompiledModel compile(DeviceProfile profile) {
        return ModelCompiler.compile(
                ByteSource.of(MODEL),
                new ModelCases.Case(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.Q4_0), profile)
                        .options());
    }

    /** The model with a text replaced in the kernels whose names begin so. */
    static CompiledModel damaged(CompiledModel model, String name, String from, String to) {
        Plan plan = model.plan();
        List<Kernel> kernels = plan.kernels().stream()
                .map(kernel -> kernel.name().startsWith(name)
                        ? new Kernel(
                                kernel.name(),
                                kernel.entryPoint(),
                                kernel.bindings(),
                                kernel.features(),
                                kernel.source().replace(from, to))
                        : kernel)
                .toList();
        assertNotEquals(plan.kernels(), kernels, () -> "no kernel " + name + " has: " + from);
        Plan damaged = new Plan(
                plan.profile(),
                plan.symbols(),
                plan.buffers(),
                plan.weights(),
                kernels,
                plan.entryPoints(),
                plan.memory());
        return new CompiledModel(
                model.file(),
                model.imported(),
                model.optimised(),
                model.report(),
                model.selection(),
                damaged,
                model.facts(),
                model.tokenizer(),
                model.warnings());
    }
}
