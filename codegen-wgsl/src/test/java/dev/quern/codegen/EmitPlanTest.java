package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.lowering.SelectionException;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.MemoryCertificate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What cannot be written as a plan is refused in words. */
class EmitPlanTest {
    private static final ArenaLayout NOTHING =
            new ArenaLayout(Map.of(), List.of(), new MemoryCertificate(0, 0, List.of()));

    private static Program sum() {
        Random random = new Random(1);
        Program program = new Program(1, 1);
        Value logits = program.input("logits", random, 8);
        program.result(TensorOp.Map.scaled(2, logits));
        return program;
    }

    @Test
    void namesThatNoRuntimeKnowsAreRefused() {
        Selection selection = SelectKernels.select(sum().module(), DeviceProfile.PORTABLE);
        SelectionException refused =
                assertThrows(SelectionException.class, () -> EmitPlan.emit(selection, DeviceProfile.PORTABLE, NOTHING));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains("No runtime knows what to do with the parameter or result %y; it knows tokens,"
                                + " position, logits and states."),
                refused.getMessage());
    }

    @Test
    void aModuleWithoutKernelsIsNoPlan() {
        Module module = sum().module();
        Selection none = new Selection(module, Map.of(), Map.of(), Map.of());
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> EmitPlan.emit(withoutResults(none), DeviceProfile.PORTABLE, NOTHING));
        assertEquals("@main still holds an operation for which no kernel is chosen", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> none.kernel("absent"));
    }

    /** The same with no result that a runtime would have to know. */
    private static Selection withoutResults(Selection selection) {
        Module module = selection.module();
        var function = module.functions().getFirst();
        return new Selection(
                new Module(
                        module.name(),
                        module.stage(),
                        module.symbols(),
                        module.weights(),
                        List.of(new Function(function.name(), function.parameters(), function.body(), List.of()))),
                Map.of(),
                Map.of(),
                Map.of());
    }
}
