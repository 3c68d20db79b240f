package dev.quern.gguf;

import java.util.List;

/**
 * A row of the table of tensors, well-formed in itself but not yet placed.
 *
 * @param entryOffset where the row stands in the file
 * @param bytes the size that type and extents give
 * @param relativeOffset where the data begins, counted from the start of the data; negative when 2^63 or more
 */
record TensorEntry(
        String name, long entryOffset, GgufTensorType type, List<Long> extents, long bytes, long relativeOffset) {
    TensorEntry {
        extents = List.copyOf(extents);
    }

    String where() {
        return "offset " + entryOffset + ", tensor " + Quote.of(name);
    }
}
