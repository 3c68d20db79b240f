package dev.quern.gguf;

import dev.quern.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the table of tensors and computes their sizes, every product checked. */
final class TensorTableReader {
    /** Readers elsewhere keep names in 64 bytes, the last of them zero. */
    private static final int LONGEST_NAME_BYTES = 63;

    private static final int HIGHEST_RANK = 4;

    /** What a tensor costs beside its name: records, extents, a node and a slot in the table. */
    private static final int ENTRY_OVERHEAD_BYTES = 320;

    private final Cursor cursor;
    private final MemoryBudget budget;
    private final Findings findings;

    TensorTableReader(Cursor cursor, MemoryBudget budget, Findings findings) {
        this.cursor = cursor;
        this.budget = budget;
        this.findings = findings;
    }

    /** Reads the table. Rows with errors are reported and left out. */
    List<TensorEntry> read(long count) {
        var entries = new ArrayList<TensorEntry>();
        Map<String, Long> offsets = new HashMap<>();
        for (long i = 0; i < count; i++) {
            long offset = cursor.position();
            String name = readName("the name of tensor " + (i + 1) + " of " + count);
            Optional<TensorEntry> entry = readEntry(name, offset);
            Long first = offsets.putIfAbsent(name, offset);
            if (first != null) {
                findings.error(where(offset, name), "A tensor of this name was there before, at offset " + first + ".");
            } else {
                entry.ifPresent(entries::add);
            }
        }
        return entries;
    }

    private String readName(String what) {
        long offset = cursor.position();
        String where = "offset " + offset;
        long length = cursor.u64("the length of " + what);
        if (length < 0 || length > cursor.remaining()) {
            throw new GgufException(
                    where,
                    "Reading " + what + ": its length is " + Long.toUnsignedString(length) + " bytes, but only "
                            + cursor.remaining() + " bytes are left in the file. " + Cursor.CUT_SHORT);
        }
        // Far longer than any name: rather a damaged file than one long name.
        if (length > 65_535) {
            throw new GgufException(
                    where,
                    "Reading " + what + ": its length is " + length + " bytes, but " + LONGEST_NAME_BYTES
                            + " is the limit.");
        }
        budget.charge(ENTRY_OVERHEAD_BYTES + 2 * length, where);
        byte[] bytes = new byte[(int) length];
        cursor.bytes(bytes, 0, bytes.length, what);
        if (!Utf8.isValid(bytes, 0, bytes.length)) {
            throw new GgufException(where, "Reading " + what + ": it is no UTF-8. The file is damaged.");
        }
        String name = new String(bytes, StandardCharsets.UTF_8);
        if (name.isEmpty()) {
            findings.error(where, "Reading " + what + ": it is empty.");
        } else if (name.indexOf(0) >= 0) {
            findings.error(where, "The tensor name " + Quote.of(name) + " contains a zero byte.");
        } else if (length > LONGEST_NAME_BYTES) {
            findings.error(
                    where,
                    "The tensor name " + Quote.of(name) + " has " + length + " bytes, but " + LONGEST_NAME_BYTES
                            + " is the limit.");
        }
        return name;
    }

    private Optional<TensorEntry> readEntry(String name, long offset) {
        String where = where(offset, name);
        long rank = cursor.u32("the rank of tensor " + Quote.of(name));
        if (rank == 0 || rank > HIGHEST_RANK) {
            throw new GgufException(
                    where, "The rank (number of dimensions) must be 1 to " + HIGHEST_RANK + ", but is " + rank + ".");
        }
        var extents = new ArrayList<Long>();
        for (int i = 0; i < rank; i++) {
            extents.add(cursor.u64("the extents of tensor " + Quote.of(name)));
        }
        long typeId = cursor.u32("the type of tensor " + Quote.of(name));
        long relativeOffset = cursor.u64("the offset of tensor " + Quote.of(name));
        Optional<GgufTensorType> type = GgufTensorType.ofId(typeId);
        if (type.isEmpty()) {
            findings.error(where, unknownType(typeId));
            return Optional.empty();
        }
        OptionalLong bytes = bytes(type.get(), extents, where);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TensorEntry(name, offset, type.get(), extents, bytes.getAsLong(), relativeOffset));
    }

    private static String unknownType(long id) {
        Optional<String> removed = GgufTensorType.removedName(id);
        if (removed.isPresent()) {
            return "The tensor type has number " + id + " (" + removed.get()
                    + "), which was removed from the format. Convert the model again with a current converter.";
        }
        return "The tensor type has number " + id + ", which is not known; numbers up to "
                + GgufTensorType.Q2_0.id()
                + " are. The file is damaged, or newer than this Quern.";
    }

    /** The size of the data: blocks of a row, times rows, times bytes of a block. */
    private OptionalLong bytes(GgufTensorType type, List<Long> extents, String where) {
        for (int i = 0; i < extents.size(); i++) {
            if (extents.get(i) <= 0) {
                findings.error(
                        where,
                        "Extent " + i + " is " + Long.toUnsignedString(extents.get(i))
                                + "; extents must be 1 or more, and below 2^63.");
                return OptionalLong.empty();
            }
        }
        long first = extents.getFirst();
        if (first % type.blockElements() != 0) {
            findings.error(
                    where,
                    "A row of " + first + " elements cannot be stored as " + type + ", whose blocks hold "
                            + type.blockElements() + " elements and end with the row. The file is damaged or was "
                            + "written wrongly: converters store such rows in a type with smaller blocks.");
            return OptionalLong.empty();
        }
        try {
            long elements = 1;
            for (long extent : extents) {
                elements = Math.multiplyExact(elements, extent);
            }
            return OptionalLong.of(Math.multiplyExact(elements / type.blockElements(), (long) type.blockBytes()));
        } catch (ArithmeticException overflow) {
            findings.error(where, "The size of " + GgufTensor.shape(type, extents) + " in bytes is 2^63 or more.");
            return OptionalLong.empty();
        }
    }

    private static String where(long offset, String name) {
        return "offset " + offset + ", tensor " + Quote.of(name);
    }
}
