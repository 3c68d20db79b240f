package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.Binding;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp;
import java.util.List;

/** Rotations that no pass fused with a write. Bindings: x, position, table, y. */
final class RopeLowering implements Lowering<TensorOp.Rope> {
    @Override
    public List<Variant> variants(TensorOp.Rope op, Setting setting) {
        Rotation rotation = op.rotation();
        Kept table = setting.weights().rotations(rotation, op.factors(), setting.positions());
        int lanes = setting.profile().lanes();
        long columns = op.x().tensor().columns();
        KernelDefinition definition = KernelNames.named(
                "rope_" + columns + "_" + Rotations.spelling(rotation),
                List.of(
                        new Constant.Whole("LANES", lanes),
                        new Constant.Whole("COLUMNS", columns),
                        new Constant.Whole("HEAD_SIZE", rotation.headSize()),
                        new Constant.Whole("ROTARY", rotation.rotary())),
                List.of(
                        Slot.readWrite("x", "f32"),
                        Slot.read("position", "u32"),
                        Slot.read("table", "vec2f"),
                        Slot.readWrite("y", "f32")),
                List.of(Rotations.pairing(rotation), "rotate", "rope"),
                List.of());
        return List.of(new Variant(
                KernelInstance.of("rope").with("lanes", lanes),
                definition,
                List.of(
                        Setting.reads(op.x()),
                        Setting.reads(op.position()),
                        Setting.reads(table.weight().value()),
                        new Binding.Writes(0)),
                Setting.rowGrid(op.x()),
                List.of(table),
                setting.plainly()));
    }
}
