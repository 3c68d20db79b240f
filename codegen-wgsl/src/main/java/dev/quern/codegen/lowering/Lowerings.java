package dev.quern.codegen.lowering;

import dev.quern.ir.TensorOp;
import java.util.List;

/** Which lowering an operation has. */
public final class Lowerings {
    private Lowerings() {}

    /**
     * The ways to compute an operation: see {@link Lowering#variants}.
     *
     * @throws SelectionException if there is none on any device of the profile
     */
    public static List<Variant> variants(TensorOp operation, Setting setting) {
        return switch (operation) {
            case TensorOp.Embed op -> new EmbedLowering().variants(op, setting);
            case TensorOp.RmsNorm op -> new NormLowering().variants(op, setting);
            case TensorOp.MatMul op -> new ProductLowering().variants(TensorOp.Linear.of(op), setting);
            case TensorOp.Linear op -> new ProductLowering().variants(op, setting);
            case TensorOp.Products op -> new ProductsLowering().variants(op, setting);
            case TensorOp.Map op -> new PointwiseLowering().variants(op, setting);
            case TensorOp.Columns op -> new ColumnsLowering().variants(op, setting);
            case TensorOp.Rope op -> new RopeLowering().variants(op, setting);
            case TensorOp.StateWrite op -> new StateWriteLowering().variants(op, setting);
            case TensorOp.PlaceHeads op -> new PlaceHeadsLowering().variants(op, setting);
            case TensorOp.Attention op -> new AttentionLowering().variants(op, setting);
            case TensorOp.ArgMax op -> new PickLowering().variants(op, setting);
        };
    }
}
