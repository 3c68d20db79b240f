package dev.quern.gguf;

import java.util.List;

/**
 * A tensor of a file.
 *
 * @param name its name, for example {@code blk.0.attn_q.weight}
 * @param type how its numbers are stored
 * @param extents the extents in the file's order: the first is the length of a row, whose elements lie side by side
 * @param offset where its data begins, in bytes from the start of the file
 * @param bytes how many bytes its data takes, without padding
 */
public record GgufTensor(String name, GgufTensorType type, List<Long> extents, long offset, long bytes) {
    /** Copies the extents. */
    public GgufTensor {
        extents = List.copyOf(extents);
    }

    /** The number of elements. */
    public long elements() {
        long product = 1;
        for (long extent : extents) {
            product = Math.multiplyExact(product, extent);
        }
        return product;
    }

    /** The number of elements of a row. */
    public long rowElements() {
        return extents.getFirst();
    }

    /** Where the data ends, in bytes from the start of the file. */
    public long end() {
        return Math.addExact(offset, bytes);
    }

    /** The type and extents for people: {@code Q4_0[64, 512]}. */
    public String shape() {
        return shape(type, extents);
    }

    /**
     * The same of a tensor that could be. Not any list's text: that would bring the text of every class into the
     * browser.
     */
    public static String shape(GgufTensorType type, List<Long> extents) {
        StringBuilder text = new StringBuilder(type.name());
        String separator = "[";
        for (long extent : extents) {
            text.append(separator).append(extent);
            separator = ", ";
        }
        return text.append(extents.isEmpty() ? "[]" : "]").toString();
    }
}
