package dev.quern.plan;

import java.util.List;

/**
 * A weight as it lies on the device, repacked at compile time.
 *
 * @param name unique in the plan
 * @param placement a buffer, a storage texture or a sampled texture
 * @param layout the order of the bytes, for people and for weights that profiles share: {@code plain} or
 *     {@code row_tiles_8}
 * @param bytes a multiple of 16
 * @param segments where the bytes come from, in order, without gap
 */
public record WeightSpec(String name, Placement placement, String layout, long bytes, List<Segment> segments) {
    /** Texels in a row of a weight's texture; a power of two, within every device's limit. */
    public static final int TEXTURE_WIDTH = 4096;

    /** Bytes of a texel of a weight's texture. */
    public static final int TEXEL_BYTES = 16;

    public WeightSpec {
        segments = List.copyOf(segments);
    }

    /** Rows of the texture that holds the weight; the last may be partly filled. */
    public int textureRows() {
        return Math.toIntExact(Math.ceilDiv(bytes, (long) TEXTURE_WIDTH * TEXEL_BYTES));
    }

    /**
     * Part of a weight in one file of the bundle. For a texture every segment but the last is a whole number of texture
     * rows.
     *
     * @param file index of {@code weights/NNN.bin}
     * @param offset in the file, a multiple of 256
     * @param bytes of the part
     */
    public record Segment(int file, long offset, long bytes) {}
}
