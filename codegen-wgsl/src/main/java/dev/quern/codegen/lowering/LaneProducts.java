package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.ir.KernelInstance;
import dev.quern.plan.Kernel;
import java.util.List;

/**
 * Products for processors that emulate a GPU with wide vectors: a lane owns whole rows, and lanes share the input.
 *
 * <p>The input is best bound as a uniform: such drivers gather from one without a branch for each lane, which halves
 * the time of a product. What does not fit one is bound as storage.
 *
 * @param product what is computed
 */
record LaneProducts(Product product) {
    /** Lanes of a workgroup. */
    static final int LANES = 8;

    private static final List<String> LINKED = List.of("reduce/eight", "spread");

    /**
     * Tokens that a workgroup serves. Weights are decoded half as often for eight as for four, which takes a tenth to a
     * quarter off a product's time; sixteen find no room in registers and take as long as four.
     */
    static int tokensAtOnce(long tokens) {
        return tokens == 1 ? 1 : tokens % 8 == 0 ? 8 : 4;
    }

    List<Variant> variants() {
        Variant uniform = uniform();
        boolean fits = product.inputBytes() <= KeptWeights.MAX_UNIFORM_BYTES;
        return List.of(
                fits
                        ? uniform
                        : uniform.withObjection("The input " + product.op().x() + " has " + product.inputBytes()
                                + " bytes; a uniform holds " + KeptWeights.MAX_UNIFORM_BYTES + "."),
                storage(fits));
    }

    private Variant uniform() {
        long quarters = product.tokens() * product.geometry().columns() / 4;
        return variant(
                "uniform",
                Slot.uniform("x", "vec4f", quarters),
                "The input is bound as a uniform: its " + product.inputBytes() + " bytes fit (at most "
                        + KeptWeights.MAX_UNIFORM_BYTES
                        + "), and CPU drivers gather from a uniform without a branch for each lane.");
    }

    private Variant storage(boolean fits) {
        return variant(
                "storage",
                Slot.readWrite("x", "vec4f"),
                fits
                        ? "The input is bound as storage, as the graph asks; its " + product.inputBytes()
                                + " bytes would fit a uniform."
                        : "The input is bound as storage: its " + product.inputBytes() + " bytes are more than the "
                                + KeptWeights.MAX_UNIFORM_BYTES + " of a uniform.");
    }

    private Variant variant(String input, Slot slot, String about) {
        Finish finish = product.finish(RowKernels.INPUT);
        KernelDefinition definition = RowKernels.definition(
                product.many() ? "matmul_lanes" : "matvec_lanes",
                product,
                finish,
                slot,
                product.many() ? List.of(new Constant.Whole("TOKENS", product.atOnce())) : List.of(),
                LINKED,
                List.of(Kernel.Feature.SUBGROUPS));
        KernelInstance kernel = KernelInstance.of(product.many() ? "matmul.lanes" : "matvec.lanes")
                .with("input", input)
                .with("tiles", RowKernels.TILES)
                .with("tokens", product.atOnce());
        return product.variant(
                kernel,
                definition,
                finish,
                RowKernels.groups(product),
                new Product.About(shape(), RowKernels.rows(product), about, product.decoding()));
    }

    private String shape() {
        String lanes = "The profile " + product.profile().name() + " gives each lane whole rows; ";
        return product.many()
                ? lanes + "up to " + product.tokens() + " tokens come at once, so it is the kernel for many, "
                        + product.atOnce() + " tokens a workgroup: a weight is decoded once for all of them."
                : lanes + "there is one token, so it is the kernel for one.";
    }
}
