package dev.quern.passes.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Function;
import dev.quern.ir.Value;
import dev.quern.ir.text.read.Reader;
import dev.quern.passes.memory.MemoryPlan.Region;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemoryPlannerTest {
    private static final Function FUNCTION =
            Reader.read("f.qir", """
            module "m" at dispatch
            symbol ?n <= 8

            func @f(%x: f32[?n, 4], %s: state<f16[4, 4]>) -> f32[?n, 4], state<f16[4, 4]> {
              %a = map (1.0 * %x) by k binds %x, %a grid [1] : f32[?n, 4]
              %b = map (1.0 * %a) by k binds %a as %b grid [1] : f32[?n, 2]
              %t = map (%s + %b) by k binds %s as %t, %b grid [1] : state<f16[4, 4]>
              %y = map (%b + %t) by k binds %b, %t, %y grid [1] : f32[?n, 4]
              return %y, %t
            }
            """).functions().getFirst();

    @Test
    void valuesInPlaceLieInTheSameMemory() {
        MemoryPlan plan = MemoryPlanner.plan(FUNCTION, 64, value -> false);
        Region a = plan.region(named("a")).orElseThrow();
        Region b = plan.region(named("b")).orElseThrow();
        assertEquals(a.offset(), b.offset());
        assertEquals(8 * 4 * 4, a.bytes(), "at the bound of the symbol");
        assertEquals(8 * 2 * 4, b.bytes());
    }

    @Test
    void statesAndWhatIsWrittenInTheirPlaceLieElsewhere() {
        MemoryPlan plan = MemoryPlanner.plan(FUNCTION, 64, value -> false);
        assertEquals(Optional.empty(), plan.region(named("s")));
        assertEquals(Optional.empty(), plan.region(named("t")));
        assertTrue(plan.region(named("y")).isPresent());
    }

    @Test
    void theCallerSaysWhatIsExternal() {
        MemoryPlan plan = MemoryPlanner.plan(FUNCTION, 64, value -> value.name().equals("y"));
        assertEquals(Optional.empty(), plan.region(named("y")));
        assertEquals(2 * 128, plan.certificate().arenaBytes(), "%x beside %a");
        assertThrows(
                IllegalArgumentException.class,
                () -> MemoryPlanner.plan(FUNCTION, 64, value -> value.name().equals("b")));
    }

    private static Value named(String name) {
        return Stream.concat(
                        FUNCTION.parameters().stream(),
                        FUNCTION.body().stream().flatMap(statement -> statement.results().stream()))
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
