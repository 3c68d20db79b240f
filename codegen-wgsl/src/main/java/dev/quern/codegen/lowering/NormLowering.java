package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.Binding;
import dev.quern.ir.Grid;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import dev.quern.ir.text.Expressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Normalisations that no pass fused into a product. Bindings: x, gain, and what the finish binds, y last. */
final class NormLowering implements Lowering<TensorOp.RmsNorm> {
    /** Lanes of which a driver for processors makes one instruction. */
    private static final long FEWEST_LANES = 8;

    @Override
    public List<Variant> variants(TensorOp.RmsNorm op, Setting setting) {
        Kept gain = setting.weights().vector(op.gain());
        long columns = op.gain().tensor().maxElements();
        long groups = op.x().tensor().columns() / columns;
        // A lane takes four elements at a time.
        int wanted = Math.toIntExact(Math.ceilDiv(columns / 4, FEWEST_LANES) * FEWEST_LANES);
        int lanes = Math.min(setting.profile().lanes(), wanted);
        Finish finish =
                Finish.of(op.finish(), 1, Optional.of(new Finish.Input(op.x(), RowKernels.INPUT)), true, setting);
        List<Slot> slots =
                new ArrayList<>(List.of(Slot.readWrite("x", "vec4f"), Slot.uniform("gain", "vec4f", columns / 4)));
        slots.addAll(finish.slots());
        List<Binding> bindings = new ArrayList<>(List.of(Setting.reads(op.x()), Setting.reads(op.gain())));
        bindings.addAll(finish.bindings());
        List<Kept> weights = new ArrayList<>(List.of(gain));
        weights.addAll(finish.weights());
        KernelDefinition definition = KernelNames.named(
                "rms_norm_" + columns + (groups == 1 ? "" : "_of_" + groups)
                        + (finish.spelling().isEmpty() ? "" : "_" + finish.spelling()),
                List.of(
                        new Constant.Whole("LANES", lanes),
                        new Constant.Whole("COLUMNS", columns),
                        new Constant.Whole("GROUPS", groups),
                        new Constant.Real("EPSILON", op.epsilon())),
                slots,
                List.of(finish.written()),
                List.of("rms_norm"),
                List.of());
        List<String> why = new ArrayList<>(List.of("One workgroup of " + lanes + " lanes "
                + (groups == 1 ? "a row" : "a group of " + columns + " columns")
                + "; no pass fused this operation into another, and one kernel fits it."));
        if (!op.plain()) {
            why.add("Finishes each element as " + Expressions.print(op.finish()) + " where it is normalised.");
        }
        finish.inPlace().ifPresent(value -> why.add(Finish.overwrites(value)));
        return List.of(new Variant(
                KernelInstance.of("rms_norm").with("lanes", lanes),
                definition,
                bindings,
                Grid.of(new Extent(op.x().tensor().rows(), 1, 1), Extent.fixed(groups), Extent.fixed(1)),
                weights,
                why));
    }
}
