package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.TensorOp;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.Verifier;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipeline;
import dev.quern.passes.Pipelines;
import dev.quern.passes.memory.Certificate;
import dev.quern.passes.memory.MemoryPlan;
import dev.quern.passes.memory.MemoryPlanner;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** {@code verify(pass(g))} and {@code eval(g) ≈ eval(pass(g))} for every pass by itself and for the pipeline. */
class PassPropertyTest {

    @Property(tries = 200)
    void everyPassKeepsWhatAGraphComputes(@ForAll long seed) {
        eachPass(RandomModules.anyGraph(seed), seed);
    }

    @Property(tries = 60)
    void everyPassKeepsWhatLayersCompute(@ForAll long seed) {
        eachPass(RandomModules.layers(seed), seed);
    }

    /** Passes see in the pipeline what earlier ones left, which is not what they see by themselves. */
    @Property(tries = 60)
    void thePipelineKeepsWhatLayersCompute(@ForAll long seed) {
        Module module = RandomModules.layers(seed);
        Module fused = Pipelines.standard().run(module);
        Equivalence.check(module, fused, seed);
        assertEquals(fused, Pipelines.standard().run(fused), "a second run finds nothing to do");
        assertEquals(fused, Reader.read("fused.qir", Writer.write(fused)));
        for (Function function : fused.functions()) {
            assertTrue(
                    function.body().stream().anyMatch(statement -> statement.op() instanceof TensorOp.Linear),
                    "every layer has a product that something can be fused into");
        }
    }

    @Property(tries = 60)
    void thePipelineKeepsWhatAGraphComputes(@ForAll long seed) {
        Module module = RandomModules.anyGraph(seed);
        Equivalence.check(module, Pipelines.standard().run(module), seed);
    }

    @Property(tries = 60)
    void memoryOfAGraphIsPlannedWithinItsBounds(@ForAll long seed) {
        Module module = RandomModules.anyGraph(seed);
        for (Function function : module.functions()) {
            MemoryPlan plan = MemoryPlanner.plan(function, MemoryPlanner.DEFAULT_ALIGNMENT, value -> false);
            Certificate certificate = plan.certificate();
            assertTrue(certificate.lowerBoundBytes() <= certificate.arenaBytes());
            assertTrue(certificate.gapPercent() <= 10, certificate::summary);
        }
    }

    private static void eachPass(Module module, long seed) {
        Verifier.verify(module);
        for (Pipeline.Step step : Pipelines.standard().steps()) {
            Module changed = step.pass().run(module, new PassReport());
            Verifier.verify("after " + step.pass().name(), changed);
            Equivalence.check(module, changed, seed);
        }
    }
}
