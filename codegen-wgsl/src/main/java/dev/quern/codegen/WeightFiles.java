package dev.quern.codegen;

import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Assigns weights to the files of a bundle: one after another, each at a multiple of 256, no file over 64 MiB. A weight
 * that does not fit into what is left of a file goes on in the next one, divided at a row of its texture.
 */
final class WeightFiles {
    /** The most that a file holds. */
    static final long FILE_BYTES = 64L << 20;

    private static final long ALIGNMENT = 256;

    /** A row of a weight's texture: segments of textures end at one. */
    private static final long TEXTURE_ROW = (long) WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;

    private int file;
    private long used;

    /** What follows lies in another file than all before. */
    void endFile() {
        if (used > 0) {
            file++;
            used = 0;
        }
    }

    /** The segments of the next weight, in order; {@code bytes} is a multiple of 16. */
    List<WeightSpec.Segment> place(long bytes) {
        List<WeightSpec.Segment> segments = new ArrayList<>();
        long left = bytes;
        while (left > 0) {
            used = Math.ceilDiv(used, ALIGNMENT) * ALIGNMENT;
            long room = FILE_BYTES - used;
            if (left > room) {
                room = room / TEXTURE_ROW * TEXTURE_ROW;
            }
            if (room <= 0) {
                file++;
                used = 0;
                continue;
            }
            long part = Math.min(left, room);
            segments.add(new WeightSpec.Segment(file, used, part));
            used += part;
            left -= part;
        }
        return segments;
    }
}
