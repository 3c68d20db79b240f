package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.bisect.BisectReport;
import dev.quern.cli.bisect.GeneratedWeights;
import dev.quern.cli.bisect.KernelVerdict;
import dev.quern.cli.bisect.ModelGraph;
import dev.quern.cli.bisect.Observation;
import dev.quern.cli.bisect.PassBisection;
import dev.quern.cli.bisect.PassVerdict;
import dev.quern.cli.bisect.ReferenceRun;
import dev.quern.cli.bisect.Workload;
import dev.quern.cli.bundle.ModelTensors;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensorType;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.passes.Pass;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipeline;
import dev.quern.passes.Pipelines;
import dev.quern.plan.CacheEncoding;
import dev.quern.reference.DecodedWeights;
import dev.quern.reference.Interpreter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The search among passes names the one that was broken on purpose, wherever it stands. */
final class PassBisectionTest {
    private static final double LIMIT = 1e-10;
    private static final List<Integer> TOKENS = List.of(7, 260, 3);
    private static final GgufFile FILE = GgufReader.read(
            ByteSource.of(RandomModels.write(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.Q4_1))));
    private static final ModelGraph GRAPH = ModelGraph.of(FILE, TOKENS, CacheEncoding.F16, Long.MAX_VALUE, () -> {});

    @Test
    void theStandardPassesChangeNoBit() {
        PassVerdict verdict = find(Pipelines.standard(), GRAPH.run());
        var agrees = assertInstanceOf(PassVerdict.Agrees.class, verdict);
        assertEquals(0, agrees.worst().orElseThrow().nmse());
        assertEquals(List.of(0, agrees.passes()), agrees.evaluated(), "both ends, and nothing between");
        assertTrue(text(verdict).contains("every bit"), text(verdict));
    }

    static Stream<Arguments> everyPlace() {
        int passes = Pipelines.standard().steps().size();
        return Stream.of(Harm.WRONG_EPSILON, Harm.DROPPED_RESIDUAL, Harm.SWAPPED_GATE)
                .flatMap(harm -> IntStream.rangeClosed(0, passes).mapToObj(place -> Arguments.of(harm, place)));
    }

    @ParameterizedTest
    @MethodSource("everyPlace")
    void aPassBrokenOnPurposeIsNamedWhereverItStands(Harm harm, int place) {
        PassVerdict verdict = find(with(harm, place), GRAPH.run());
        var breaks = assertInstanceOf(PassVerdict.Breaks.class, verdict);
        assertEquals(place, breaks.index());
        assertEquals(harm.name(), breaks.pass());
        assertTrue(breaks.evaluated().size() <= 6, "half of what is left each time: " + breaks.evaluated());
        assertTrue(breaks.after().nmse() > LIMIT, breaks.after().toString());
        assertEquals(0, breaks.before().map(Observation.Gap::nmse).orElse(0.0), "what came before is right");
        Observation.Gap first = breaks.first().orElseThrow();
        assertEquals("@step at position 0", first.call().label());
        assertTrue(first.value().startsWith("layer0."), first.value());
        String expected = switch (harm) {
            case SWAPPED_GATE -> "layer0.swiglu";
            case DROPPED_RESIDUAL -> "layer0.attended";
            default -> first.value();
        };
        assertEquals(expected, first.value());
    }

    @Test
    void aRotationThatExchangesTheStatesIsNamedWithItsStatement() {
        int place = Pipelines.standard().names().indexOf("fuse-place-heads") + 1;
        PassVerdict verdict = find(with(Harm.EXCHANGED_STATES, place), GRAPH.run());
        var breaks = assertInstanceOf(PassVerdict.Breaks.class, verdict);
        assertEquals(place, breaks.index());
        String text = text(verdict);
        assertTrue(text.contains("The pass EXCHANGED_STATES (7 of 11) breaks agreement"), text);
        assertTrue(text.contains("%layer0.keys_after"), text);
        assertTrue(text.contains("= place_heads %layer0.query_key_value"), text);
    }

    @ParameterizedTest
    @EnumSource(
            value = Harm.class,
            names = {"WRONG_TYPE"})
    void aPassThatTheVerifierRefusesIsNamed(Harm harm) {
        PassVerdict verdict = find(with(harm, 4), GRAPH.run());
        var fails = assertInstanceOf(PassVerdict.Fails.class, verdict);
        assertEquals(4, fails.index());
        assertTrue(fails.problem().contains("after " + harm.name()), fails.problem());
        assertTrue(text(verdict).contains("fails: "), text(verdict));
    }

    @Test
    void harmBeforeAFailureIsFoundFirst() {
        Pipeline pipeline = with(Harm.WRONG_EPSILON, 2);
        List<Pipeline.Step> steps = new ArrayList<>(pipeline.steps());
        steps.add(6, new Pipeline.Step(Harm.WRONG_TYPE, "Broken on purpose."));
        var breaks = assertInstanceOf(PassVerdict.Breaks.class, find(new Pipeline(steps), GRAPH.run()));
        assertEquals(Harm.WRONG_EPSILON.name(), breaks.pass());
    }

    @Test
    void aFusedOperationThatTheInterpreterGetsWrongIsNamed() {
        DecodedWeights weights = new DecodedWeights(new ModelTensors(FILE));
        ReferenceRun run = new ReferenceRun(
                module -> new Interpreter(Only.GATED.run(module, new PassReport()), weights),
                Workload.ofTokens(TOKENS),
                () -> {});
        PassVerdict verdict = find(Pipelines.standard(), run);
        var breaks = assertInstanceOf(PassVerdict.Breaks.class, verdict);
        assertEquals("fuse-finish", breaks.pass());
        String text = text(verdict);
        assertTrue(text.contains("before  %layer0.swiglu = map (silu(%layer0.gate) * %layer0.up)"), text);
        assertTrue(text.contains("after   %layer0.swiglu = linear "), text);
        assertTrue(text.contains("parts = 2, finish = (silu(#0) * #1)"), text);
    }

    @Test
    void aModuleWithoutItsModelIsSearchedWithMadeUpWeights() {
        Module module = GRAPH.imported();
        GeneratedWeights weights = new GeneratedWeights(module);
        ReferenceRun run =
                new ReferenceRun(each -> new Interpreter(each, weights), Workload.ofModule(module), () -> {});
        assertInstanceOf(PassVerdict.Agrees.class, find(Pipelines.standard(), run));
        var breaks = assertInstanceOf(PassVerdict.Breaks.class, find(with(Harm.SWAPPED_GATE, 7), run));
        assertEquals(Harm.SWAPPED_GATE.name(), breaks.pass());
        assertEquals("layer0.swiglu", breaks.first().orElseThrow().value());
    }

    /** Damage to one fused form alone, as an error of the interpreter would be. */
    private enum Only implements Pass {
        GATED;

        @Override
        public Module run(Module module, PassReport report) {
            return module.with(
                    module.weights(),
                    module.functions().stream()
                            .map(function -> function.with(
                                    function.body().stream()
                                            .flatMap(statement -> isGated(statement.op())
                                                    ? Harm.SWAPPED_GATE.changed(statement).stream()
                                                    : Stream.of(statement))
                                            .toList(),
                                    function.results()))
                            .toList());
        }

        private static boolean isGated(Op op) {
            return op instanceof Linear linear && linear.parts() == 2;
        }
    }

    private static PassVerdict find(Pipeline pipeline, ReferenceRun run) {
        return new PassBisection(run, LIMIT).find(GRAPH.imported(), pipeline);
    }

    /** The standard passes with another between. */
    private static Pipeline with(Pass harm, int place) {
        List<Pipeline.Step> steps = new ArrayList<>(Pipelines.standard().steps());
        steps.add(place, new Pipeline.Step(harm, "Broken on purpose."));
        return new Pipeline(steps);
    }

    private static String text(PassVerdict verdict) {
        return new BisectReport("a test", verdict, LIMIT, new KernelVerdict.Skipped("A test."), 1e-6, Optional.empty())
                .text();
    }
}
