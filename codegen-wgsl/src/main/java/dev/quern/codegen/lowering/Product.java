package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Binding;
import dev.quern.ir.Grid;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A product as its kernels see it, and what is the same for all of them.
 *
 * @param op the operation
 * @param weight in tiles
 * @param gain of the normalisation before the product, if there is one
 * @param geometry of the weight
 * @param tokens the most tokens there may be
 * @param atOnce tokens that a workgroup serves
 * @param profile the kind of device
 */
record Product(
        TensorOp.Linear op,
        Kept weight,
        Optional<Kept> gain,
        TileGeometry geometry,
        long tokens,
        int atOnce,
        DeviceProfile profile) {

    /** Whether there may be several tokens. */
    boolean many() {
        return tokens > 1;
    }

    /** Bytes of the input. */
    long inputBytes() {
        return tokens * geometry.columns() * Float.BYTES;
    }

    Finish finish() {
        return op.gated() ? Finish.SWIGLU : op.residual().isPresent() ? Finish.ADD : Finish.STORE;
    }

    /** The constant that the normalisation before the product asks for. */
    Optional<Constant> epsilon() {
        return op.norm().map(norm -> new Constant.Real("EPSILON", norm.epsilon()));
    }

    /** What the name of a kernel begins with. */
    String spelling(String skeleton) {
        return skeleton + "_" + Matrices.spelling(geometry)
                + (op.norm().isPresent() ? "_normed" : "")
                + (finish() == Finish.STORE ? "" : "_" + finish().file());
    }

    /** Bindings: weights, x, gain where there is a normalisation, y, which takes the place of a residual. */
    List<Binding> bindings() {
        List<Binding> bindings = new ArrayList<>(List.of(Setting.reads(op.weight()), Setting.reads(op.x())));
        op.norm().ifPresent(norm -> bindings.add(Setting.reads(norm.gain())));
        bindings.add(
                op.residual().isPresent() ? new Binding.InPlace(op.residual().get(), 0) : new Binding.Writes(0));
        return bindings;
    }

    /** The weights that are bound. */
    List<Kept> weights() {
        List<Kept> weights = new ArrayList<>(List.of(weight));
        gain.ifPresent(weights::add);
        return weights;
    }

    /**
     * A way to compute the product.
     *
     * @param groups workgroups that serve all rows
     * @param about what is said of the division of rows among them, and of how the input is bound
     */
    Variant variant(KernelInstance kernel, KernelDefinition definition, long groups, About about) {
        Grid grid = Grid.of(Extent.fixed(groups), new Extent(op.x().tensor().rows(), 1, atOnce), Extent.fixed(1));
        List<String> why = new ArrayList<>(List.of(about.shape(), groups + " workgroups: " + about.rows()));
        op.norm()
                .ifPresent(norm -> why.add("Normalises its input on the way: the gain " + norm.gain()
                        + " is applied as elements are read, the mean square gathered beside the product."));
        op.residual().ifPresent(residual -> why.add("Adds to " + residual + " in place, so the sum takes no memory."));
        why.add(about.input());
        why.add(about.quants());
        if (definition.features().contains(Kernel.Feature.SUBGROUPS)) {
            why.add("Lanes share what they read by subgroups of " + profile.subgroupSize() + ".");
        }
        return new Variant(kernel, definition, bindings(), grid, weights(), why);
    }

    /**
     * What is to be said of a kernel, in full sentences.
     *
     * @param shape how the profile divides the work
     * @param rows how rows are divided among workgroups, behind their number
     * @param input how the input is bound
     * @param quants what becomes of the weight's quants
     */
    record About(String shape, String rows, String input, String quants) {}

    /** What is said of kernels that decode a weight with the codec that all of them share. */
    String decoding() {
        String encoding = geometry.encoding().text();
        return "Decodes " + encoding + " as it reads; "
                + (geometry.packing().codec().contains(encoding) ? "codec/" + encoding + ".wgsl" : "its codec")
                + " is linked in.";
    }
}
