package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.Binding;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import java.util.List;

/** Normalisations that no pass fused into a product. Bindings: x, gain, y. */
final class NormLowering implements Lowering<TensorOp.RmsNorm> {
    @Override
    public List<Variant> variants(TensorOp.RmsNorm op, Setting setting) {
        Kept gain = setting.weights().vector(op.gain());
        int lanes = setting.profile().lanes();
        long columns = op.x().tensor().columns();
        KernelDefinition definition = KernelNames.named(
                "rms_norm_" + columns,
                List.of(
                        new Constant.Whole("LANES", lanes),
                        new Constant.Whole("COLUMNS", columns),
                        new Constant.Real("EPSILON", op.epsilon())),
                List.of(
                        Slot.readWrite("x", "vec4f"),
                        Slot.uniform("gain", "vec4f", columns / 4),
                        Slot.readWrite("y", "vec4f")),
                List.of("rms_norm"),
                List.of());
        return List.of(new Variant(
                KernelInstance.of("rms_norm").with("lanes", lanes),
                definition,
                List.of(Setting.reads(op.x()), Setting.reads(op.gain()), new Binding.Writes(0)),
                Setting.rowGrid(op.x()),
                List.of(gain),
                setting.plainly()));
    }
}
