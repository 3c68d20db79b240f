package dev.quern.passes.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Weight;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.VerificationException;
import dev.quern.passes.FoldConstants;
import dev.quern.passes.Pass;
import dev.quern.passes.PassObserver;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipeline;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds when a function, or a pipeline, is at its end. */
class ResultsTest {
    /** A result is read when the function has ended, however early it was there: nothing may lie over it. */
    @Test
    void aResultLivesToTheEnd() {
        Function function = Reader.readVerified("f.qir", """
            module "m" at dispatch

            func @f(%x: f32[1, 4]) -> f32[1, 4], f32[1, 4] {
              %a = map (1.0 * %x) by k binds %x, %a grid [1] : f32[1, 4]
              %b = map (1.0 * %x) by k binds %x, %b grid [1] : f32[1, 4]
              %c = map (1.0 * %b) by k binds %b, %c grid [1] : f32[1, 4]
              %d = map (1.0 * %c) by k binds %c, %d grid [1] : f32[1, 4]
              return %a, %d
            }
            """).functions().getFirst();
        MemoryPlan plan = MemoryPlanner.plan(function, 16, value -> false);
        long early = plan.region(function.results().getFirst()).orElseThrow().offset();
        for (var statement : function.body().subList(1, 4)) {
            assertTrue(plan.region(statement.result()).orElseThrow().offset() != early, plan.certificate()::table);
        }
        assertEquals(
                List.of(3, 3),
                plan.certificate().places().stream()
                        .map(Placed::buffer)
                        .filter(buffer ->
                                buffer.name().equals("%a") || buffer.name().equals("%d"))
                        .map(Buffer::lastUse)
                        .toList());
    }

    /** Where only the ends are verified, what a pass breaks and no later one mends is found at the last. */
    @Test
    void whatIsBrokenInBetweenIsFoundAtTheEnd() {
        Module module = Reader.readVerified("m.qir", """
            module "m" at tensor
            weight @w : f32[4, 4] {from = ["w"]}

            func @f(%x: f32[1, 4]) -> f32[1, 4] {
              %y = matmul %x, @w : f32[1, 4]
              return %y
            }
            """);
        Pass harmful = pass("forget-weights", List.of());
        Pass mending = pass("remember-weights", module.weights());
        Pipeline pipeline = new Pipeline(List.of(step(harmful), step(new FoldConstants())));
        List<String> ran = new ArrayList<>();
        PassObserver observer = new PassObserver() {
            @Override
            public void ran(int index, String pass, Module before, Module after, long nanoseconds) {
                assertTrue(nanoseconds >= 0 && nanoseconds < 60_000_000_000L, "a pass takes no minute");
                ran.add(pass);
            }

            @Override
            public void failed(int index, String pass, Module before, RuntimeException problem) {
                ran.add(pass + " failed");
            }
        };
        VerificationException broken = assertThrows(
                VerificationException.class,
                () -> pipeline.run(module, new PassReport(), observer, Pipeline.Verification.ENDS));
        assertTrue(String.valueOf(broken.getMessage()).startsWith("after the last pass:"), broken.getMessage());
        assertEquals(List.of("forget-weights", "fold-constants"), ran);
        Pipeline mended = new Pipeline(List.of(step(harmful), step(mending)));
        assertEquals(module, mended.run(module, new PassReport(), observer, Pipeline.Verification.ENDS));
        assertThrows(VerificationException.class, () -> mended.run(module));
    }

    private static Pipeline.Step step(Pass pass) {
        return new Pipeline.Step(pass, "For a test.");
    }

    private static Pass pass(String name, List<Weight> weights) {
        return new Pass() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Module run(Module module, PassReport report) {
                return module.with(weights, module.functions());
            }
        };
    }
}
