package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import dev.quern.plan.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What kernels need that read a matrix in tiles. */
final class Matrices {
    /** Codec files of which there are others for GPUs, which multiply halves by floats without converting them. */
    private static final List<String> IN_HALVES = List.of("nibbles", "bytes", "sixteens");

    /** Quants so small beside the ones that come off their sum that too many digits would go with these. */
    private static final Set<Encoding> FEW_BITS = Set.of(Encoding.Block.Q2_K, Encoding.Block.Q3_K);

    private Matrices() {}

    /** Encoding and size, as they stand in the names of kernels. */
    static String spelling(TileGeometry geometry) {
        return geometry.encoding().text() + "_" + geometry.rows() + "x" + geometry.columns();
    }

    /** The binding of a matrix. */
    static Slot slot(Placement placement) {
        return switch (placement) {
            case BUFFER -> Slot.read("weights", "vec4u");
            case TEXTURE -> Slot.texture("weights");
            case SAMPLED_TEXTURE -> Slot.sampledTexture("weights");
        };
    }

    /** The files that answer for a matrix: its blocks, where its texels lie, and its encoding. */
    static List<String> codec(TileGeometry geometry, Placement placement) {
        List<String> files = new ArrayList<>();
        files.add("block");
        files.add(
                switch (placement) {
                    case BUFFER -> "place/buffer";
                    case TEXTURE -> "place/texture";
                    case SAMPLED_TEXTURE -> "place/sampled";
                });
        boolean inHalves = placement == Placement.BUFFER && !FEW_BITS.contains(geometry.encoding());
        for (String part : geometry.packing().codec()) {
            files.add("codec/" + part + (inHalves && IN_HALVES.contains(part) ? "_in_halves" : ""));
        }
        return files;
    }
}
