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
import java.util.List;

/**
 * The choice of a token. Bindings: logits, tokens; then position and ring, which the plan gives to the entry point that
 * picks.
 */
public final class PickLowering implements Lowering<TensorOp.ArgMax> {
    /** Slots of the ring of chosen tokens. */
    public static final int RING_SLOTS = 64;

    private static final int LANES = 64;

    PickLowering() {}

    @Override
    public List<Variant> variants(TensorOp.ArgMax op, Setting setting) {
        long count = op.x().tensor().columns();
        KernelDefinition definition = KernelNames.named(
                "pick_" + count,
                List.of(
                        new Constant.Whole("LANES", LANES),
                        new Constant.Whole("COUNT", count),
                        new Constant.Whole("SLOTS", RING_SLOTS)),
                List.of(
                        Slot.read("logits", "u32"),
                        Slot.readWrite("tokens", "u32"),
                        Slot.readWrite("position", "u32"),
                        Slot.readWrite("ring", "u32")),
                List.of("pick"),
                List.of());
        return List.of(new Variant(
                KernelInstance.of("pick").with("lanes", LANES),
                definition,
                List.of(Setting.reads(op.x()), new Binding.Writes(0)),
                Grid.of(Extent.fixed(1), Extent.fixed(1), Extent.fixed(1)),
                List.of(),
                List.of("One workgroup finds the largest logit, so that the token never leaves the device.")));
    }
}
