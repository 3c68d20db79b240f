package dev.quern.codegen.kernel;

import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Products for processors that emulate a GPU with vectors of four floats and neither gather nor shift by vectors: a
 * workgroup is four lanes, so that it needs neither barriers nor memory of its own, and quants are masked where they
 * are.
 */
final class FourLaneKernels {
    /** The numbers of tiles that a workgroup can keep the sums of, the largest first. */
    private static final List<Integer> TILES = List.of(16, 8, 6, 4);

    /** Fewer workgroups than this leave processors idle towards the end. */
    private static final int ENOUGH_GROUPS = 12;

    /** Query heads that one value of WGSL holds, a vector's component each. */
    private static final int MOST_HEADS = 4;

    private FourLaneKernels() {}

    /** Tiles of eight rows that a workgroup serves. Many share the cost of the input, few busy more processors. */
    static int tilesOfGroup(TileGeometry geometry) {
        return TILES.stream()
                .filter(tiles -> geometry.tiles() >= (long) tiles * ENOUGH_GROUPS)
                .findFirst()
                .orElse(TILES.getLast());
    }

    /** Workgroups that serve all rows. */
    static long groups(TileGeometry geometry) {
        return Math.ceilDiv(geometry.tilesOfPart() * geometry.parts(), (long) tilesOfGroup(geometry));
    }

    /**
     * Query heads that one workgroup of an attention serves, of so many that share their keys: up to four, divided
     * evenly.
     */
    static int headsTogether(int group) {
        return Math.ceilDiv(group, Math.ceilDiv(group, MOST_HEADS));
    }

    /** Workgroups along the first axis of an attention. */
    static long attentionGroups(int heads, int keyValueHeads) {
        int group = heads / keyValueHeads;
        return (long) keyValueHeads * Math.ceilDiv(group, headsTogether(group));
    }

    /**
     * The files that multiply an encoding's quants as they are; none for encodings that are decoded first, by the codec
     * that all kernels share.
     */
    static Optional<List<String>> masked(Encoding encoding) {
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

    /** As {@code Kernels.matrix}; the weight lies in a sampled texture. */
    static KernelDefinition matrix(TileGeometry geometry, float epsilon, Finish finish, long tokens) {
        boolean normed = !Float.isNaN(epsilon);
        boolean many = tokens > 1;
        List<Constant> constants = new ArrayList<>(Constant.of(geometry));
        constants.add(new Constant.Whole("GROUP_TILES", tilesOfGroup(geometry)));
        List<Slot> slots = new ArrayList<>();
        slots.add(Slot.sampledTexture("weights"));
        slots.add(new Slot("x", Kernel.Access.READ_WRITE, "f32", tokens * geometry.columns()));
        if (normed) {
            constants.add(new Constant.Real("EPSILON", epsilon));
            slots.add(new Slot("gain", Kernel.Access.READ, "f32", geometry.columns()));
        }
        slots.add(Slot.readWrite("y", "f32"));
        String skeleton = many ? "matmul_four" : "matvec_four";
        List<String> files = new ArrayList<>(List.of("block", "place/sampled", "four/step", "four/input"));
        files.addAll(weights(geometry));
        files.add(normed ? "four/normed" : "four/plain");
        files.add("four/sums");
        files.add("four/" + finish.file());
        files.add(finish == Finish.SWIGLU ? "four/gated_rows" : "four/rows");
        files.add(skeleton);
        String name = KernelNames.matrix(skeleton, geometry, epsilon, finish) + (many ? "_of_" + tokens : "");
        return new KernelDefinition(name, constants, slots, files, List.of(Kernel.Feature.SUBGROUPS));
    }

    private static List<String> weights(TileGeometry geometry) {
        return masked(geometry.encoding()).orElseGet(() -> {
            List<String> files = new ArrayList<>();
            geometry.packing().codec().forEach(part -> files.add("codec/" + part));
            files.add("four/decoded");
            return files;
        });
    }
}
