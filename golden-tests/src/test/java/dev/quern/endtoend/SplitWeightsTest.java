package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.bisect.KernelVerdict;
import dev.quern.cli.bisect.KernelWalk;
import dev.quern.cli.bisect.ModelGraph;
import dev.quern.cli.bisect.Observation;
import dev.quern.cli.bundle.SelfTestOracle;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.compiler.CompileObserver;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.GraphCompiler;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelNames;
import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.ir.Module;
import dev.quern.ir.Slice;
import dev.quern.ir.TensorOp;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.passes.Pipelines;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.DeviceProfile.Limits;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models whose embedding, output, gates and projections are larger than what a device binds at a time compute what they
 * compute where all is bound whole. The device is opened with the smaller limits, so that nothing larger can be bound.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SplitWeightsTest {
    private static final Limits SMALL = Limits.ofBinding(40 << 10);
    private static final double LIMIT = 1e-6;
    private static final double LIMIT_OF_INTERPRETER = 1e-12;
    private static final int CHUNK = 8;
    private static final long CONTEXT = 64;
    private static final int[] TOKENS = {1, 299, 150, 77, 260, 3, 128, 298, 42, 5, 200};

    private static final Shape TIED = new Shape("tied", 256, 2, 4, 1, 64, 352, true, Rope.PLAIN);
    private static final Shape APART = new Shape("output apart", 256, 1, 4, 2, 64, 364, false, Rope.PLAIN);

    private static final Kind BIASED = FamilyCases.GRANITE.biases(FamilyCases.ALL_PRODUCTS);
    private static final Kind BIASED_HEAD = Kind.of("qwen2").biases("attn_q", "attn_k", "attn_v", "output");
    private static final Kind CAPPED = Kind.of("gemma2")
            .embeddingGain(1)
            .norms(true, true)
            .with("gemma2", keys -> keys.number("final_logit_softcapping", 1.5));

    private final WgpuGpu small = TestDevice.open(Optional.of(SMALL));
    private final WgpuGpu large = TestDevice.open();
    private final Path folder;

    SplitWeightsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterAll
    void close() {
        small.close();
        large.close();
    }

    /** A model and what it is compiled for. */
    record Case(Kind kind, Shape shape, Recipe recipe, DeviceProfile profile) {
        Case(Kind kind, Shape shape, GgufTensorType type, DeviceProfile profile) {
            this(kind, shape, Recipe.uniform(type), profile);
        }

        CompiledModel compile(Optional<Limits> limits) {
            return SplitWeightsTest.compile(
                    RandomModels.write(kind, shape, recipe),
                    limits.map(profile::atMost).orElse(profile));
        }

        @Override
        public String toString() {
            return kind + ", " + shape + ", " + recipe + ", " + profile.name();
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (DeviceProfile profile : DeviceProfile.ALL) {
            cases.add(new Case(Kind.LLAMA, TIED, GgufTensorType.Q4_0, profile));
            cases.add(new Case(BIASED_HEAD, APART, GgufTensorType.Q8_0, profile));
            cases.add(new Case(BIASED, APART, GgufTensorType.Q4_K, profile));
            cases.add(new Case(Kind.of("phi3").joining(), TIED, GgufTensorType.F16, profile));
            // Of three products of one input, the first is split.
            cases.add(new Case(Kind.LLAMA, TIED, Recipe.APART.getFirst(), profile));
            cases.add(new Case(CAPPED, TIED, GgufTensorType.Q8_0, profile));
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSplitModelComputesWhatAWholeOneDoes(Case each) throws IOException {
        CompiledModel whole = each.compile(Optional.empty());
        CompiledModel split = each.compile(Optional.of(SMALL));
        isSplit(whole, split);

        ModelGraph graph =
                ModelGraph.of(whole.file(), List.of(7, 299, 0, 150, 260), CacheEncoding.F16, Long.MAX_VALUE, () -> {});
        Module standard = Pipelines.standard().run(graph.imported());
        Observation expected = graph.run().run(standard);
        Observation found = graph.run().run(restated(graph.imported(), split));
        assertTrue(expected.worst(found).orElseThrow().nmse() <= LIMIT_OF_INTERPRETER);

        try (DeviceModel one = DeviceModel.load(whole, large, folder);
                DeviceModel other = DeviceModel.load(split, small, folder)) {
            List<float[]> logits = one.logits(TOKENS);
            Agreement.worst("step", logits, other.logits(TOKENS), LIMIT);
            Agreement.check(() -> "prefill", one.prefilled(CHUNK, TOKENS), other.prefilled(CHUNK, TOKENS), LIMIT);
            Agreement.worst("interpreter", new ReferenceModel(split).logits(TOKENS), other.logits(TOKENS), LIMIT);
            assertArrayEquals(one.picked(5, TOKENS.length, 6), other.picked(5, TOKENS.length, 6));

            var verdict = new KernelWalk(
                            standard, graph.run().interpreters(), split.selection(), other.executor(), LIMIT, () -> {})
                    .find(expected);
            assertInstanceOf(KernelVerdict.Agrees.class, verdict, verdict.toString());
        }
    }

    /** Of a result in slices, the kernel is named that computed the wrong slice, and what all of them compute. */
    @ParameterizedTest
    @CsvSource({"logits.1, logits", "logits, logits", "layer0.swiglu.2, layer0.swiglu", "embedding.0, embedding"})
    void aKernelOfASliceBrokenOnPurposeIsNamed(String slice, String value) throws IOException {
        CompiledModel split =
                new Case(Kind.LLAMA, TIED, GgufTensorType.Q8_0, DeviceProfile.PORTABLE).compile(Optional.of(SMALL));
        String kernel = split.plan().entryPoint("step").steps().stream()
                .filter(step -> step.label().equals(slice))
                .findFirst()
                .orElseThrow()
                .kernel();
        CompiledModel damaged = slice.startsWith("embedding")
                ? KernelWalkTest.damaged(split, kernel, "index] = value;", "index] = 2.0 * value;")
                : KernelWalkTest.damaged(split, kernel, "y[index] = point(", "y[index] = 2.0 * point(");
        ModelGraph graph =
                ModelGraph.of(split.file(), List.of(7, 299, 0, 150), CacheEncoding.F16, Long.MAX_VALUE, () -> {});
        Module standard = Pipelines.standard().run(graph.imported());
        try (DeviceModel device = DeviceModel.load(damaged, small, folder)) {
            var verdict = new KernelWalk(
                            standard, graph.run().interpreters(), split.selection(), device.executor(), LIMIT, () -> {})
                    .find(graph.run().run(standard));
            var wrong = assertInstanceOf(KernelVerdict.Wrong.class, verdict, verdict.toString());
            assertEquals(value, wrong.gap().value());
            assertEquals(slice, wrong.dispatch().result().name());
            assertEquals(kernel, wrong.kernel().name());
        }
    }

    /** The split of a model, applied to the graph that is interpreted, which has room for fewer positions. */
    private static Module restated(Module imported, CompiledModel split) {
        return dev.quern.compiler.Lowering.split(
                Pipelines.standard().run(imported),
                List.of(split.plan().profile()),
                split.file(),
                CompileObserver.NONE);
    }

    /** Embedding, output, and gate over up are in slices, and whatever is bound is small. */
    private static void isSplit(CompiledModel whole, CompiledModel split) {
        long most = SMALL.maxStorageBufferBindingSize();
        assertTrue(whole.plan().weights().stream().anyMatch(weight -> weight.bytes() > most));
        for (WeightSpec weight : split.plan().weights()) {
            assertTrue(weight.bytes() <= most, weight.toString());
        }
        assertEquals(List.of(), slices(whole).toList(), "where all can be bound, nothing is in slices");
        assertTrue(slices(split).anyMatch(op -> op instanceof TensorOp.Embed));
        assertTrue(slices(split).anyMatch(op -> op instanceof TensorOp.Linear product && product.parts() == 2));
        assertTrue(split.optimised().function("step").orElseThrow().body().stream()
                .anyMatch(statement -> statement.results().getFirst().name().equals("logits")
                        && Slice.of(statement.op()).isPresent()));
        assertEquals(
                whole.plan().weights().stream().mapToLong(WeightSpec::bytes).sum(),
                split.plan().weights().stream().mapToLong(WeightSpec::bytes).sum(),
                "whole tiles are moved");
    }

    private static Stream<TensorOp> slices(CompiledModel model) {
        return model.optimised().functions().stream()
                .flatMap(function -> function.body().stream())
                .filter(statement -> Slice.of(statement.op()).isPresent())
                .map(statement -> (TensorOp) statement.op());
    }

    static final List<DeviceProfile> PROFILES = DeviceProfile.ALL;

    /** Both texts of a split model become its bundle, self-test included; as does that of the whole graph. */
    @ParameterizedTest
    @FieldSource("PROFILES")
    void theTextsOfASplitModelBecomeItsPlan(DeviceProfile profile) {
        Case each = new Case(BIASED_HEAD, APART, GgufTensorType.Q8_0, profile);
        CompiledModel whole = each.compile(Optional.empty());
        CompiledModel split = each.compile(Optional.of(SMALL));
        for (Module module :
                List.of(whole.optimised(), split.optimised(), split.selection().module())) {
            CompiledModel written = GraphCompiler.compile(
                    Reader.readVerified("m.qir", Writer.write(module)),
                    ByteSource.of(RandomModels.write(each.kind(), each.shape(), each.recipe())),
                    ModelNames.NONE,
                    profile.atMost(SMALL),
                    CompileObserver.NONE);
            assertEquals(split.plan(), written.plan());
            assertEquals(
                    SelfTestOracle.of(split, Pipelines.standard()).orElseThrow(),
                    SelfTestOracle.ofWritten(written).orElseThrow());
        }
        // Chunks that are too large for another device are split once more.
        Limits smaller = Limits.ofBinding(24 << 10);
        CompiledModel again = GraphCompiler.compile(
                Reader.readVerified("m.qir", Writer.write(split.optimised())),
                ByteSource.of(RandomModels.write(each.kind(), each.shape(), each.recipe())),
                ModelNames.NONE,
                profile.atMost(smaller),
                CompileObserver.NONE);
        assertTrue(again.plan().weights().stream().allMatch(weight -> weight.bytes() <= 24 << 10));
        assertTrue(again.plan().weights().size() > split.plan().weights().size());
    }

    /** Weights are shared, so they are split as the smallest of the devices needs it, whichever is named first. */
    @Test
    void plansOfOneBundleShareTheSplit() {
        byte[] model = RandomModels.write(Kind.LLAMA, TIED, Recipe.uniform(GgufTensorType.Q8_0));
        DeviceProfile tight = DeviceProfile.PORTABLE.atMost(SMALL);
        CompileOptions first = options(tight).withOthers(List.of(DeviceProfile.CPU_SWIFTSHADER));
        CompileOptions second = options(DeviceProfile.CPU_SWIFTSHADER).withOthers(List.of(tight));
        List<WeightSpec> weights = List.of();
        for (CompileOptions options : List.of(first, second)) {
            CompiledModel compiled = ModelCompiler.compile(ByteSource.of(model), options);
            for (DeviceProfile other : options.others()) {
                Plan plan = ModelCompiler.planFor(other, compiled);
                assertEquals(
                        compiled.plan().weights().stream()
                                .map(WeightSpec::segments)
                                .toList(),
                        plan.weights().stream().map(WeightSpec::segments).toList());
            }
            weights = compiled.plan().weights();
            assertTrue(weights.stream().allMatch(weight -> weight.bytes() <= 40 << 10));
        }
        CompiledModel whole = compile(model, DeviceProfile.CPU_SWIFTSHADER);
        assertThrows(SelectionException.class, () -> ModelCompiler.planFor(tight, whole));
    }

    /** What is kept of each position is not split: it is said for how many there is room. */
    @Test
    void statesThatCannotBeBoundAreRefusedWithTheContextThatCan() {
        byte[] model = RandomModels.write(Kind.LLAMA, TIED, Recipe.uniform(GgufTensorType.Q8_0));
        // A head of keys, 64 halves, takes 128 bytes a position; a table of rotations 256.
        DeviceProfile tight = DeviceProfile.PORTABLE.atMost(Limits.ofBinding(34 << 10));
        SelectionException refusal = assertThrows(
                SelectionException.class,
                () -> ModelCompiler.compile(ByteSource.of(model), options(tight).withContext(137)));
        assertTrue(
                String.valueOf(refusal.getMessage())
                        .contains("The table of cosines and sines of 137 positions takes 35072 bytes; the profile"
                                + " portable can bind 34816 at a time, which is room for 136 positions."),
                refusal.getMessage());
        ModelCompiler.compile(ByteSource.of(model), options(tight).withContext(136));
    }

    private static CompiledModel compile(byte[] model, DeviceProfile profile) {
        return ModelCompiler.compile(ByteSource.of(model), options(profile));
    }

    private static CompileOptions options(DeviceProfile profile) {
        return new CompileOptions(profile, CONTEXT, CHUNK, Pipelines.standard());
    }
}
