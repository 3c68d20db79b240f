package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.plan.Placement;
import java.util.ArrayList;
import java.util.List;

/** What kernels need that read a matrix in tiles. */
final class Matrices {
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
        geometry.packing()
                .codec()
                .forEach(part -> files.add("codec/" + (placement == Placement.BUFFER ? ofGpus(part) : part)));
        return files;
    }

    /** GPUs multiply halves by floats at no cost, where processors convert integers cheaper. */
    private static String ofGpus(String part) {
        return part.equals("nibbles") ? "nibbles_in_halves" : part;
    }
}
