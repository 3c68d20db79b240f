package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import dev.quern.ir.KernelInstance;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Products for processors that emulate a GPU with vectors of four floats and neither gather nor shift by vectors: a
 * workgroup is four lanes, so that it needs neither barriers nor memory of its own, and quants are masked where they
 * are.
 *
 * @param product what is computed
 */
record FourLaneProducts(Product product) {
    /** Lanes of a workgroup. */
    static final int LANES = 4;

    /** The numbers of tiles that a workgroup can keep the sums of, the largest first. */
    private static final List<Integer> TILES = List.of(16, 8, 6, 4);

    /** Fewer workgroups than this leave processors idle towards the end. */
    private static final int ENOUGH_GROUPS = 12;

    /** Many tiles share the cost of the input, few busy more processors. */
    List<Variant> variants(long tilesInAll) {
        int preferred = TILES.stream()
                .filter(tiles -> tilesInAll >= (long) tiles * ENOUGH_GROUPS)
                .findFirst()
                .orElse(TILES.getLast());
        List<Variant> variants = new ArrayList<>(List.of(variant(preferred)));
        TILES.stream().filter(tiles -> tiles != preferred).forEach(tiles -> variants.add(variant(tiles)));
        return variants;
    }

    private Variant variant(int tiles) {
        TileGeometry geometry = product.geometry();
        long groups = Math.ceilDiv(geometry.tilesOfPart() * geometry.parts(), (long) tiles);
        KernelInstance kernel = KernelInstance.of(product.many() ? "matmul.four" : "matvec.four")
                .with("tiles", tiles)
                .with("tokens", product.atOnce());
        Finish finish = product.finish("x[index]");
        return product.variant(
                kernel,
                definition(tiles, finish),
                finish,
                groups,
                new Product.About(
                        shape(),
                        tiles + " tiles of eight rows each"
                                + (product.parted()
                                        ? ", half of them of the first part, and the same rows of the other."
                                        : "."),
                        "The input is bound as storage: a uniform is read no faster; the input is handed round"
                                + " among the lanes.",
                        quants()));
    }

    private KernelDefinition definition(int tiles, Finish finish) {
        TileGeometry geometry = product.geometry();
        List<Constant> constants = new ArrayList<>(Constant.of(geometry));
        constants.add(new Constant.Whole("GROUP_TILES", tiles));
        constants.addAll(product.place());
        List<Slot> slots = new ArrayList<>();
        slots.add(Slot.sampledTexture("weights"));
        slots.add(new Slot("x", Kernel.Access.READ_WRITE, "f32", product.tokens() * geometry.columns()));
        product.sum().ifPresent(_ -> {
            slots.add(new Slot("residual", Kernel.Access.READ_WRITE, "f32", geometry.columns()));
            slots.add(new Slot("post_gain", Kernel.Access.READ, "f32", geometry.columns()));
        });
        product.epsilon().ifPresent(epsilon -> {
            constants.add(epsilon);
            slots.add(new Slot("gain", Kernel.Access.READ, "f32", geometry.columns()));
        });
        slots.addAll(finish.slots());
        String skeleton = product.many() ? "matmul_four" : "matvec_four";
        List<String> files = new ArrayList<>(List.of("block", "place/sampled", "four/step", "four/input"));
        files.add(product.sum().isPresent() ? "four/sum" : "four/element");
        files.addAll(masked(geometry.encoding()).orElseGet(() -> decoded(geometry)));
        files.add(product.epsilon().isPresent() ? "four/normed" : "four/plain");
        files.add("four/sums");
        files.add(product.rows(product.parted() ? "four/two_parts" : "four/rows"));
        files.add(skeleton);
        return KernelNames.named(
                product.spelling(skeleton, finish),
                constants,
                slots,
                List.of(finish.written()),
                files,
                List.of(Kernel.Feature.SUBGROUPS));
    }

    /** The files that multiply an encoding's quants as they are; none for encodings that are decoded first. */
    private static Optional<List<String>> masked(Encoding encoding) {
        return switch (encoding) {
            case Encoding.Scalar scalar -> Optional.empty();
            case Encoding.Block block ->
                switch (block) {
                    case Q4_0 -> Optional.of(List.of("four/halves", "four/nibbles", "four/q4_0"));
                    case Q4_1 -> Optional.of(List.of("four/nibbles", "four/q4_1"));
                    case Q8_0 -> Optional.of(List.of("four/halves", "four/q8_0"));
                    case Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 -> Optional.empty();
                };
        };
    }

    /** The codec that all kernels share. */
    private static List<String> decoded(TileGeometry geometry) {
        List<String> files = new ArrayList<>();
        geometry.packing().codec().forEach(part -> files.add("codec/" + part));
        files.add("four/decoded");
        return files;
    }

    private String quants() {
        String encoding = product.geometry().encoding().text();
        return masked(product.geometry().encoding()).isPresent()
                ? "Multiplies the quants of " + encoding
                        + " where they lie in their words, masked and never shifted; four/" + encoding
                        + ".wgsl is linked in."
                : product.decoding() + " No kernel of four lanes multiplies its quants as they are.";
    }

    private String shape() {
        return "The profile " + product.profile().name()
                + " makes a workgroup of four lanes, which own two rows of each of its tiles; "
                + (product.many()
                        ? "up to " + product.tokens() + " tokens come at once, " + product.atOnce()
                                + " a workgroup: a weight is read once for all of them."
                        : "there is one token, so it is the kernel for one.");
    }
}
