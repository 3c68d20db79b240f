package dev.quern.codegen.lowering;

import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.TensorOp;
import java.util.List;
import java.util.Optional;

/**
 * Products of rows with a weight, with what stands before and behind them. The profile's shape decides how the work is
 * divided among lanes.
 */
final class ProductLowering implements Lowering<TensorOp.Linear> {
    /** Parts whose rows a workgroup serves side by side. */
    private static final int MOST_PARTS = 2;

    @Override
    public List<Variant> variants(TensorOp.Linear op, Setting setting) {
        return variants(
                op,
                Optional.empty(),
                setting,
                setting.weights()
                        .tiles(op.weight(), op.parts())
                        .geometry()
                        .orElseThrow()
                        .tiles());
    }

    /**
     * The ways to compute a product.
     *
     * @param sum that the input is of, if it is not bound as it is
     * @param tiles that the whole dispatch serves, of this product and of others beside it
     */
    static List<Variant> variants(
            TensorOp.Linear op, Optional<TensorOp.Products.Sum> sum, Setting setting, long tiles) {
        if (op.parts() > MOST_PARTS) {
            throw new SelectionException("The product with " + op.weight() + " has " + op.parts()
                    + " parts; kernels bring " + MOST_PARTS + " together. Leave the others out of the fusion.");
        }
        Product product = product(op, sum, setting);
        if (product.tokens() % product.atOnce() != 0) {
            throw new SelectionException("Prompts are read " + product.atOnce() + " tokens at a time, so the bound of "
                    + op.x().tensor().rows() + " (" + product.tokens() + ") must be a multiple of "
                    + product.atOnce() + ".");
        }
        return switch (setting.profile().shape()) {
            case LANE_PER_ROW -> new LaneProducts(product).variants();
            case FOUR_LANES -> new FourLaneProducts(product).variants(tiles);
            case WORKGROUP -> new GroupProducts(product).variants(tiles);
        };
    }

    private static Product product(TensorOp.Linear op, Optional<TensorOp.Products.Sum> sum, Setting setting) {
        long tokens = op.x().tensor().rows().max();
        int atOnce = switch (setting.profile().shape()) {
            case LANE_PER_ROW -> LaneProducts.tokensAtOnce(tokens);
            case FOUR_LANES -> tokens > 1 ? 4 : 1;
            case WORKGROUP -> 1;
        };
        Kept weight = setting.weights().tiles(op.weight(), op.parts());
        TileGeometry geometry = weight.geometry().orElseThrow();
        Optional<Kept> gain = op.norm().map(norm -> setting.weights().vector(norm.gain()));
        return new Product(op, sum, weight, gain, geometry, tokens, atOnce, setting);
    }
}
