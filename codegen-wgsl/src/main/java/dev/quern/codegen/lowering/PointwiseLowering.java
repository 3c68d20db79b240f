package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import java.util.List;
import java.util.Optional;

/** Functions of each element by itself that no pass fused into a product. Bindings: what the expression reads, y. */
final class PointwiseLowering implements Lowering<TensorOp.Map> {
    @Override
    public List<Variant> variants(TensorOp.Map op, Setting setting) {
        int lanes = setting.profile().lanes();
        long columns = ((TensorType) op.infer().getFirst()).columns();
        Finish finish = Finish.of(op.expression(), 0, Optional.empty(), false, setting);
        KernelDefinition definition = KernelNames.named(
                "pointwise_" + columns + (finish.spelling().isEmpty() ? "" : "_" + finish.spelling()),
                List.of(new Constant.Whole("LANES", lanes), new Constant.Whole("COLUMNS", columns)),
                finish.slots(),
                List.of(finish.written()),
                List.of("pointwise"),
                List.of());
        Value x = op.operands().stream()
                .filter(operand -> operand.kind() == Value.Kind.LOCAL)
                .findFirst()
                .orElseThrow();
        return List.of(new Variant(
                KernelInstance.of("pointwise").with("lanes", lanes),
                definition,
                finish.bindings(),
                Setting.rowGrid(x),
                finish.weights(),
                setting.plainly()));
    }
}
