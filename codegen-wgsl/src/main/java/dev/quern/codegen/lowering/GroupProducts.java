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

    /**
     * Workgroups of eight tiles that busy a GPU of a hundred processors or more. Where there would be fewer, half as
     * many tiles a workgroup keep twice as many lanes reading.
     */
    private static final int ENOUGH_GROUPS = 256;

    /**
     * The preferred one first.
     *
     * @param tilesInAll that the whole dispatch serves
     */
    List<Variant> variants(long tilesInAll) {
        List<Variant> variants = new ArrayList<>();
        if (product.tokens() >= ENOUGH_TOKENS) {
            variants.add(tile());
        }
        boolean enough = tilesInAll >= 2L * RowKernels.TILES * ENOUGH_GROUPS;
        variants.add(enough ? eight() : group());
        variants.add(enough ? group() : eight());
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
        return shared("matmul_group", RowKernels.TILES, RowKernels.groups(product), RowKernels.rows(product));
    }

    private Variant eight() {
        return shared(
                "matmul_eight",
                2 * RowKernels.TILES,
                Math.ceilDiv(RowKernels.groups(product), 2L),
                product.parted()
                        ? "four tiles of eight rows of the first part each, and the same rows of the other, which meet"
                                + " where they are finished."
                        : "eight tiles of eight rows each; a lane reads its inputs once for eight rows.");
    }

    /** Lanes share the columns of a number of tiles. */
    private Variant shared(String skeleton, int tiles, long groups, String rows) {
        int lanes = product.profile().lanes();
        Finish finish = product.finish(RowKernels.INPUT);
        KernelDefinition definition = RowKernels.definition(
                skeleton,
                product,
                finish,
                Slot.readWrite("x", "vec4f"),
                List.of(new Constant.Whole("LANES", lanes)),
                List.of("input/block"),
                List.of());
        KernelInstance kernel = KernelInstance.of("matmul.group")
                .with("lanes", lanes)
                .with("tiles", tiles)
                .with("tokens", product.atOnce());
        return product.variant(
                kernel,
                definition,
                finish,
                groups,
                new Product.About(
                        "The profile " + product.profile().name() + " lets the " + lanes
                                + " lanes of a workgroup share the columns of its rows, a token a workgroup.",
                        rows,
                        "The input is bound as storage: for a GPU a uniform is no faster, and smaller.",
                        product.decoding()));
    }
}
