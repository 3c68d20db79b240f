package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.Binding;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;

/** Functions of each element by itself that no pass fused into a product. Bindings: the operands, y. */
final class PointwiseLowering {
    List<Variant> variants(TensorOp.Add op, Setting setting) {
        return variants("add", List.of(), List.of("left", "right"), op.operands(), setting);
    }

    List<Variant> variants(TensorOp.Scale op, Setting setting) {
        List<Constant> factor = List.of(new Constant.Real("FACTOR", op.factor()));
        return variants("scale", factor, List.of("x"), op.operands(), setting);
    }

    List<Variant> variants(TensorOp.SwiGlu op, Setting setting) {
        return variants("swiglu", List.of(), List.of("gate", "up"), op.operands(), setting);
    }

    /**
     * The kernel of a function.
     *
     * @param function the name of its file
     * @param more constants of its own
     * @param names of its operands in that file
     */
    private static List<Variant> variants(
            String function, List<Constant> more, List<String> names, List<Value> operands, Setting setting) {
        int lanes = setting.profile().lanes();
        Value x = operands.getFirst();
        long columns = x.tensor().columns();
        List<Constant> constants =
                new ArrayList<>(List.of(new Constant.Whole("LANES", lanes), new Constant.Whole("COLUMNS", columns)));
        constants.addAll(more);
        List<Slot> slots = new ArrayList<>();
        names.forEach(name -> slots.add(Slot.readWrite(name, "f32")));
        slots.add(Slot.readWrite("y", "f32"));
        List<Binding> bindings = new ArrayList<>();
        operands.forEach(operand -> bindings.add(Setting.reads(operand)));
        bindings.add(new Binding.Writes(0));
        KernelDefinition definition = KernelNames.named(
                function + "_" + columns, constants, slots, List.of("pointwise/" + function, "pointwise"), List.of());
        return List.of(new Variant(
                KernelInstance.of("pointwise").with("lanes", lanes),
                definition,
                bindings,
                Setting.rowGrid(x),
                List.of(),
                setting.plainly()));
    }
}
