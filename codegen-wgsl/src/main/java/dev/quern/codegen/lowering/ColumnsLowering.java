package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.Binding;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import java.util.List;

/** Some of the columns of each row. Bindings: x, y. */
final class ColumnsLowering implements Lowering<TensorOp.Columns> {
    @Override
    public List<Variant> variants(TensorOp.Columns op, Setting setting) {
        int lanes = setting.profile().lanes();
        long columns = op.x().tensor().columns();
        KernelDefinition definition = KernelNames.named(
                "columns_" + columns + "_" + op.start() + "_" + op.extent(),
                List.of(
                        new Constant.Whole("LANES", lanes),
                        new Constant.Whole("COLUMNS", columns),
                        new Constant.Whole("START", op.start()),
                        new Constant.Whole("EXTENT", op.extent())),
                List.of(Slot.readWrite("x", "f32"), Slot.readWrite("y", "f32")),
                List.of("columns"),
                List.of());
        return List.of(new Variant(
                KernelInstance.of("columns").with("lanes", lanes),
                definition,
                List.of(Setting.reads(op.x()), new Binding.Writes(0)),
                Setting.rowGrid(op.x()),
                List.of(),
                setting.plainly()));
    }
}
