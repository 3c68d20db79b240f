package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.Binding;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes to a state that no pass fused with a rotation. Bindings: x, position, state. */
final class StateWriteLowering implements Lowering<TensorOp.StateWrite> {
    @Override
    public List<Variant> variants(TensorOp.StateWrite op, Setting setting) {
        StateFormat format = StateFormat.of(Setting.kept(op.state()));
        int lanes = setting.profile().lanes();
        long columns = op.x().tensor().columns();
        Optional<Long> ring = setting.ring(op.state());
        List<Constant> constants =
                new ArrayList<>(List.of(new Constant.Whole("LANES", lanes), new Constant.Whole("COLUMNS", columns)));
        ring.ifPresent(rows -> constants.add(new Constant.Whole("RING", rows)));
        List<String> files = new ArrayList<>(format.writes());
        files.add(Setting.positionsOf(ring));
        files.add(format.inBlocks() ? "state_write_blocks" : "state_write");
        KernelDefinition definition = KernelNames.named(
                "state_write_" + format.text() + "_" + columns
                        + ring.map(rows -> "_ring_" + rows).orElse(""),
                constants,
                List.of(
                        Slot.readWrite("x", "f32"),
                        Slot.read("position", "u32"),
                        Slot.readWrite("state", format.pair())),
                files,
                List.of());
        return List.of(new Variant(
                KernelInstance.of("state_write").with("lanes", lanes),
                definition,
                List.of(Setting.reads(op.x()), Setting.reads(op.position()), new Binding.InPlace(op.state(), 0)),
                Setting.rowGrid(op.x()),
                List.of(),
                setting.plainly()));
    }
}
