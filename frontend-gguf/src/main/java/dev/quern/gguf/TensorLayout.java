package dev.quern.gguf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Places tensors into the data of the file and checks that they lie inside it, aligned and apart from each other. Order
 * and gaps are free, though a gap is odd enough to be told.
 */
final class TensorLayout {
    /** How many tensors that end beyond the file are named one by one. */
    private static final int BEYOND_BY_NAME = 3;

    private final long dataStart;
    private final long alignment;
    private final long fileSize;
    private final Findings findings;

    /** Tensors that end beyond the file. */
    private int beyond;

    TensorLayout(long dataStart, long alignment, long fileSize, Findings findings) {
        this.dataStart = dataStart;
        this.alignment = alignment;
        this.fileSize = fileSize;
        this.findings = findings;
    }

    /** The tensors at their offsets, in the order of the table; those with errors are reported and left out. */
    List<GgufTensor> place(List<TensorEntry> entries, long tableEnd) {
        var tensors = new ArrayList<GgufTensor>();
        for (TensorEntry entry : entries) {
            place(entry).ifPresent(tensors::add);
        }
        if (beyond > BEYOND_BY_NAME) {
            findings.error(
                    "tensors",
                    (beyond - BEYOND_BY_NAME) + " more of " + entries.size()
                            + " tensors end beyond the end of the file.");
        }
        if (tensors.size() == entries.size()) {
            checkOrder(tensors, tableEnd);
        }
        return tensors;
    }

    private Optional<GgufTensor> place(TensorEntry entry) {
        long relative = entry.relativeOffset();
        if (relative < 0) {
            findings.error(
                    entry.where(),
                    "The data begins at " + Long.toUnsignedString(relative) + " bytes into the data section, which is "
                            + "beyond any file.");
            return Optional.empty();
        }
        if (relative % alignment != 0) {
            findings.error(
                    entry.where(),
                    "The data begins at " + relative + " bytes into the data section, which is no multiple of the "
                            + "alignment " + alignment + ".");
            return Optional.empty();
        }
        long available = Math.max(0, fileSize - dataStart);
        if (relative > available || entry.bytes() > available - relative) {
            beyond++;
            if (beyond > BEYOND_BY_NAME) {
                // The end of a file that was cut short is missing from every tensor behind it: a few stand for all.
                return Optional.empty();
            }
            findings.error(
                    entry.where(),
                    GgufTensor.shape(entry.type(), entry.extents()) + " takes " + entry.bytes() + " bytes from byte "
                            + relative + " of the data section on, but the data section has " + available
                            + " bytes. " + Cursor.CUT_SHORT);
            return Optional.empty();
        }
        return Optional.of(
                new GgufTensor(entry.name(), entry.type(), entry.extents(), dataStart + relative, entry.bytes()));
    }

    private void checkOrder(List<GgufTensor> tensors, long tableEnd) {
        var byOffset = new ArrayList<>(tensors);
        byOffset.sort(Comparator.comparingLong(GgufTensor::offset));
        long end = dataStart;
        String before = "the start of the data";
        for (GgufTensor tensor : byOffset) {
            String where = "offset " + tensor.offset() + ", tensor " + Quote.of(tensor.name());
            if (tensor.offset() < end) {
                findings.error(
                        where, "The data overlaps with that of " + before + ", which ends at offset " + end + ".");
            } else if (tensor.offset() > padded(end)) {
                findings.warning(
                        where, (tensor.offset() - padded(end)) + " bytes lie unused between " + before + " and it.");
            }
            end = Math.max(end, tensor.end());
            before = "tensor " + Quote.of(tensor.name());
        }
        long expectedEnd = tensors.isEmpty() ? padded(tableEnd) : padded(end);
        if (fileSize > expectedEnd) {
            findings.warning(
                    "offset " + expectedEnd,
                    (fileSize - expectedEnd) + " bytes follow after the end of " + before + ".");
        }
    }

    /** Ends lie within the file, so the sum is far from overflowing: file sizes stay below 2^63 by orders. */
    private long padded(long end) {
        return Math.addExact(end - dataStart, alignment - 1) / alignment * alignment + dataStart;
    }
}
