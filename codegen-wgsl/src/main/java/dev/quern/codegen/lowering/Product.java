package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Binding;
import dev.quern.ir.Grid;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import dev.quern.ir.text.Expressions;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A product as its kernels see it, and what is the same for all of them.
 *
 * @param op the operation
 * @param sum that the input is of, if it is not bound as it is
 * @param weight in tiles
 * @param gain of the normalisation before the product, if there is one
 * @param geometry of the weight
 * @param tokens the most tokens there may be
 * @param atOnce tokens that a workgroup serves
 * @param setting what is known beside the operation
 */
record Product(
        TensorOp.Linear op,
        Optional<TensorOp.Products.Sum> sum,
        Kept weight,
        Optional<Kept> gain,
        TileGeometry geometry,
        long tokens,
        int atOnce,
        Setting setting) {

    /** The kind of device. */
    DeviceProfile profile() {
        return setting.profile();
    }

    /** The same with another number of tokens a workgroup. */
    Product serving(int tokensAtOnce) {
        return new Product(op, sum, weight, gain, geometry, tokens, tokensAtOnce, setting);
    }

    /** Whether there may be several tokens. */
    boolean many() {
        return tokens > 1;
    }

    /** Bytes of the input. */
    long inputBytes() {
        return tokens * geometry.columns() * Float.BYTES;
    }

    /** Parts of the product that meet in the finish. */
    boolean parted() {
        return op.parts() > 1;
    }

    /**
     * What is done with the sums.
     *
     * @param input how the kernel spells an element of its input
     */
    Finish finish(String input) {
        Finish.Input read = new Finish.Input(op.x(), input);
        return op.slice()
                .map(slice -> Finish.ofSlice(op.finish(), op.parts(), read, slice, setting))
                .orElseGet(() -> Finish.of(op.finish(), op.parts(), Optional.of(read), true, setting));
    }

    /** The constants that say where rows lie in a larger result, if they do. */
    List<Constant> place() {
        return op.slice().map(slice -> Slices.constants("WIDTH", slice)).orElse(List.of());
    }

    /** The file that finishes rows of a whole weight, or the one for slices. */
    String rows(String file) {
        return file + Slices.suffix(op.slice());
    }

    /** The constant that the normalisation before the product asks for. */
    Optional<Constant> epsilon() {
        return op.norm().map(norm -> new Constant.Real("EPSILON", norm.epsilon()));
    }

    /** What the name of a kernel begins with. */
    String spelling(String skeleton, Finish finish) {
        return skeleton + "_" + Matrices.spelling(geometry)
                + (sum.isPresent() ? "_sum" : "")
                + (op.norm().isPresent() ? "_normed" : "")
                + (finish.spelling().isEmpty() ? "" : "_" + finish.spelling())
                + Slices.suffix(op.slice());
    }

    /**
     * Bindings: weights, x, the rest of a sum, gain where there is a normalisation, and what the finish binds, the
     * result last.
     */
    private List<Binding> bindings(Finish finish) {
        List<Binding> bindings = new ArrayList<>(List.of(Setting.reads(op.weight()), Setting.reads(op.x())));
        sum.ifPresent(each -> {
            bindings.add(Setting.reads(each.residual()));
            bindings.add(Setting.reads(each.norm().gain()));
        });
        op.norm().ifPresent(norm -> bindings.add(Setting.reads(norm.gain())));
        bindings.addAll(finish.bindings());
        return bindings;
    }

    /** The weights that are bound. */
    private List<Kept> weights(Finish finish) {
        List<Kept> weights = new ArrayList<>(List.of(weight));
        sum.ifPresent(each -> weights.add(setting.weights().vector(each.norm().gain())));
        gain.ifPresent(weights::add);
        weights.addAll(finish.weights());
        return weights;
    }

    /**
     * A way to compute the product.
     *
     * @param groups workgroups that serve all rows
     * @param about what is said of the division of rows among them, and of how the input is bound
     */
    Variant variant(KernelInstance kernel, KernelDefinition definition, Finish finish, long groups, About about) {
        Grid grid = Grid.of(Extent.fixed(groups), new Extent(op.x().tensor().rows(), 1, atOnce), Extent.fixed(1));
        List<String> why = new ArrayList<>(List.of(about.shape(), groups + " workgroups: " + about.rows()));
        op.norm()
                .ifPresent(norm -> why.add("Normalises its input on the way: the gain " + norm.gain()
                        + " is applied as elements are read, the mean square gathered beside the product."));
        if (!op.plain()) {
            why.add("Finishes each element as " + Expressions.print(op.finish()) + " where its product is complete.");
        }
        op.slice()
                .ifPresent(slice ->
                        why.add(Slices.why(slice, op.weight(), geometry.rows() / geometry.parts(), "columns")));
        finish.inPlace().ifPresent(value -> why.add(Finish.overwrites(value)));
        why.add(about.input());
        why.add(about.quants());
        if (definition.features().contains(Kernel.Feature.SUBGROUPS)) {
            why.add("Lanes share what they read by subgroups of " + profile().subgroupSize() + ".");
        }
        return new Variant(kernel, definition, bindings(finish), grid, weights(finish), why);
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
