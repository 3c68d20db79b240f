package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.ir.KernelInstance;
import java.util.ArrayList;
import java.util.List;

/**
 * Products for GPUs. For one token, and for a few, the lanes of a workgroup share the columns of its rows, and their
 * sums meet in workgroup memory. For many tokens a workgroup decodes a block of rows once for all of its tokens.
 *
 * @param product what is computed
 */
record GroupProducts(Product product) {
    /** Rows and tokens of a workgroup that decodes for many tokens; the skeleton has the same numbers. */
    private static final int TILE_ROWS = 64;

    private static final int TILE_TOKENS = 32;

    /** Tokens from which on decoding once for all of them is worth a tile that they may fill in part only. */
    private static final int ENOUGH_TOKENS = 16;

    /** The preferred one first. */
    List<Variant> variants() {
        List<Variant> variants = new ArrayList<>();
        if (product.tokens() >= ENOUGH_TOKENS) {
            variants.add(tile());
        }
        variants.add(group());
        return variants;
    }

    private Variant tile() {
        Product many = product.serving(TILE_TOKENS);
        Finish finish = many.finish(RowKernels.INPUT);
        KernelDefinition definition = RowKernels.definition(
                "matmul_tile",
                many,
                finish,
                Slot.readWrite("x", "vec4f"),
                List.of(new Constant.Whole("TOKENS", many.tokens())),
                List.of("tile/memory"),
                List.of());
        KernelInstance kernel =
                KernelInstance.of("matmul.tile").with("rows", TILE_ROWS).with("tokens", TILE_TOKENS);
        return many.variant(
                kernel,
                definition,
                finish,
                Math.ceilDiv(RowKernels.groups(many), TILE_ROWS / (8L * RowKernels.TILES)),
                new Product.About(
                        "Up to " + many.tokens() + " tokens come at once: each row of weights is decoded once for "
                                + TILE_TOKENS + " of them, and lies in workgroup memory with their inputs.",
                        many.parted()
                                ? "32 rows of the first part each, and the same rows of the other, which meet where"
                                        + " they are finished."
                                : "64 rows each.",
                        "The input is bound as storage.",
                        many.decoding()));
    }

    private Variant group() {
        int lanes = product.profile().lanes();
        Finish finish = product.finish(RowKernels.INPUT);
        KernelDefinition definition = RowKernels.definition(
                "matmul_group",
                product,
                finish,
                Slot.readWrite("x", "vec4f"),
                List.of(new Constant.Whole("LANES", lanes)),
                List.of(),
                List.of());
        KernelInstance kernel = KernelInstance.of("matmul.group")
                .with("lanes", lanes)
                .with("tiles", RowKernels.TILES)
                .with("tokens", product.atOnce());
        return product.variant(
                kernel,
                definition,
                finish,
                RowKernels.groups(product),
                new Product.About(
                        "The profile " + product.profile().name() + " lets the " + lanes
                                + " lanes of a workgroup share the columns of its rows, a token a workgroup.",
                        RowKernels.rows(product),
                        "The input is bound as storage: for a GPU a uniform is no faster, and smaller.",
                        product.decoding()));
    }
}
