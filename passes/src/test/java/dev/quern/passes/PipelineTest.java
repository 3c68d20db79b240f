package dev.quern.passes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Module;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.VerificationException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final Module MODULE = Reader.read("m.qir", """
            module "m" at tensor
            weight @w : f32[4, 4] {from = ["w"]}

            func @f(%x: f32[1, 4]) -> f32[1, 4] {
              %a = map (1.0 * %x) : f32[1, 4]
              %y = matmul %a, @w : f32[1, 4]
              return %y
            }
            """);

    /** Forgets to declare the weights that it leaves in use. */
    private static final Pass HARMFUL = new Pass() {
        @Override
        public String name() {
            return "forget-weights";
        }

        @Override
        public Module run(Module module, PassReport report) {
            return module.with(List.of(), module.functions());
        }
    };

    @Test
    void theVerifierNamesThePassThatDidHarm() {
        Pipeline pipeline = new Pipeline(
                List.of(new Pipeline.Step(new FoldConstants(), "Harmless."), new Pipeline.Step(HARMFUL, "Harmful.")));
        Recorder recorder = new Recorder();
        VerificationException thrown =
                assertThrows(VerificationException.class, () -> pipeline.run(MODULE, new PassReport(), recorder));
        assertEquals("""
                after forget-weights:
                  @f, @w: @w is not a declared weight.
                    %y = matmul %x, @w : f32[1, 4]""", thrown.getMessage());
        assertEquals(List.of("0 fold-constants changed", "1 forget-weights failed"), recorder.seen);
    }

    @Test
    void aBrokenModuleIsRefusedBeforeTheFirstPass() {
        VerificationException thrown = assertThrows(
                VerificationException.class,
                () -> Pipelines.standard().run(MODULE.with(List.of(), MODULE.functions())));
        assertTrue(String.valueOf(thrown.getMessage()).startsWith("before the first pass:"));
    }

    @Test
    void aPipelineCanBeCutAndPicked() {
        Pipeline standard = Pipelines.standard();
        assertEquals(standard.names().subList(0, 2), standard.limit(2).names());
        assertEquals(standard, standard.limit(1000));
        assertEquals(List.of(), standard.limit(-1).names());
        List<String> picked = List.of("fuse-norm", "fold-constants");
        assertEquals(picked, standard.only(picked).names());
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> standard.only(List.of("fuse-norms")));
        assertTrue(String.valueOf(thrown.getMessage()).startsWith("there is no pass fuse-norms here; there are fold-"));
    }

    @Test
    void aModuleThatNeedsNothingComesBackAsItIs() {
        Module done = Pipelines.standard().run(MODULE);
        for (Pipeline.Step step : Pipelines.standard().steps()) {
            assertEquals(done, step.pass().run(done), step.pass().name());
        }
        assertEquals(done, Pipelines.standard().run(done));
    }

    @Test
    void mergedThingsAreNamedAfterTheirParts() {
        assertEquals("blk.0.attn_qkv", MergedName.of(List.of("blk.0.attn_q", "blk.0.attn_k", "blk.0.attn_v")));
        assertEquals("ffn_gate_up.weight", MergedName.of(List.of("ffn_gate.weight", "ffn_up.weight")));
        assertEquals("a_bc", MergedName.of(List.of("a", "bc")));
        assertEquals("aa", MergedName.of(List.of("a", "a")));
    }

    private static final class Recorder implements PassObserver {
        private final List<String> seen = new ArrayList<>();

        @Override
        public void ran(int index, String pass, Module before, Module after, long nanoseconds) {
            seen.add(index + " " + pass + (before.equals(after) ? "" : " changed"));
        }

        @Override
        public void failed(int index, String pass, Module before, RuntimeException problem) {
            seen.add(index + " " + pass + " failed");
        }
    }
}
