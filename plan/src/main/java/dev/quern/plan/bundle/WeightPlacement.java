package dev.quern.plan.bundle;

import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives weights their places in the bundle's files, in the order of asking. Every part begins at a multiple of 256. A weight that a file can
 * hold is never divided; a larger one is divided at whole files, which are whole rows of a texture too.
 */
public final class WeightPlacement {
    /** No file of weights is larger: 64 MiB. */
    public static final long FILE_BYTES = 64L << 20;

    /** Where weights begin in their file: multiples of this. */
    public static final int ALIGNMENT = 256;

    private final long fileBytes;
    private int file;
    private long used;

    /** Places for files of 64 MiB. */
    public WeightPlacement() {
        this(FILE_BYTES);
    }

    /** Places for files of another size, a multiple of a texture's row. */
    WeightPlacement(long fileBytes) {
        long rowBytes = (long) WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;
        if (fileBytes <= 0 || fileBytes % rowBytes != 0) {
            throw new IllegalArgumentException(
                    "a file of weights holds a multiple of " + rowBytes + " bytes, not " + fileBytes);
        }
        this.fileBytes = fileBytes;
    }

    /** The place of the next weight of so many bytes. */
    public List<WeightSpec.Segment> place(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("a weight of " + bytes + " bytes has no place");
        }
        long start = Math.ceilDiv(used, ALIGNMENT) * ALIGNMENT;
        if (used > 0 && bytes > fileBytes - start) {
            file++;
            start = 0;
        }
        var segments = new ArrayList<WeightSpec.Segment>();
        long left = bytes;
        while (left > fileBytes - start) {
            segments.add(new WeightSpec.Segment(file, start, fileBytes - start));
            left -= fileBytes - start;
            file++;
            start = 0;
        }
        segments.add(new WeightSpec.Segment(file, start, left));
        used = start + left;
        return List.copyOf(segments);
    }
}
