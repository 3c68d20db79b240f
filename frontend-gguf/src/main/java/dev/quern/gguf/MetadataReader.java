package dev.quern.gguf;

import dev.quern.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;

/** Reads the metadata entries: keys, types, values. */
final class MetadataReader {
    private static final int LONGEST_KEY_BYTES = 65_535;

    /** No longer than an array of bytes can be. */
    private static final int LONGEST_STRING_BYTES = Integer.MAX_VALUE - 8;

    /** What an entry costs beside its key and data: two objects, a node and a slot in the table. */
    private static final int ENTRY_OVERHEAD_BYTES = 160;

    /** Strings may be any bytes here: tokens of byte-level vocabularies need not be UTF-8. */
    private static final String TOKENIZER_PREFIX = "tokenizer.";

    private final Cursor cursor;
    private final MemoryBudget budget;
    private final Findings findings;

    MetadataReader(Cursor cursor, MemoryBudget budget, Findings findings) {
        this.cursor = cursor;
        this.budget = budget;
        this.findings = findings;
    }

    GgufMetadata read(long count) {
        var entries = new LinkedHashMap<String, GgufMetadata.Entry>();
        for (long i = 0; i < count; i++) {
            long offset = cursor.position();
            String key = readKey("the key of metadata entry " + (i + 1) + " of " + count);
            String where = "offset " + offset + ", key " + Quote.of(key);
            ValueType type = readType(where, key, "value");
            GgufValue value = readValue(key, type, where);
            var entry = new GgufMetadata.Entry(key, value, offset);
            GgufMetadata.Entry first = entries.putIfAbsent(key, entry);
            if (first != null) {
                findings.error(where, "The key was there before, at offset " + first.offset() + "; keys are unique.");
            }
        }
        return new GgufMetadata(entries);
    }

    private String readKey(String what) {
        long offset = cursor.position();
        byte[] bytes = readString("offset " + offset, what, LONGEST_KEY_BYTES, ENTRY_OVERHEAD_BYTES);
        String where = "offset " + offset;
        if (!Utf8.isValid(bytes, 0, bytes.length)) {
            throw new GgufException(where, "Reading " + what + ": it is no UTF-8. The file is damaged.");
        }
        String key = new String(bytes, StandardCharsets.UTF_8);
        if (key.isEmpty()) {
            findings.error(where, "Reading " + what + ": it is empty.");
        } else if (key.indexOf(0) >= 0) {
            findings.error(where, "The key " + Quote.of(key) + " contains a zero byte.");
        } else if (bytes.length != key.length()) {
            findings.warning(where, "The key " + Quote.of(key) + " is not ASCII, which the format asks for.");
        }
        return key;
    }

    private ValueType readType(String where, String key, String of) {
        long id = cursor.u32("the type of the " + of + " of key " + Quote.of(key));
        return ValueType.ofId(id)
                .orElseThrow(() -> new GgufException(
                        where, "The " + of + " has type number " + id + ", but types are numbered 0 to 12."));
    }

    private GgufValue readValue(String key, ValueType type, String where) {
        String what = "the value of key " + Quote.of(key);
        return switch (type) {
            case U8, U16, U32, U64 -> new GgufValue.IntegerValue(type, cursor.integer(type.bytes(), what));
            case I8, I16, I32, I64 -> {
                int unused = Long.SIZE - type.bytes() * Byte.SIZE;
                long bits = cursor.integer(type.bytes(), what);
                yield new GgufValue.IntegerValue(type, bits << unused >> unused);
            }
            case F32 -> new GgufValue.FloatValue(type, Float.intBitsToFloat((int) cursor.u32(what)));
            case F64 -> new GgufValue.FloatValue(type, Double.longBitsToDouble(cursor.u64(what)));
            case BOOL -> {
                int bit = cursor.u8(what);
                if (bit > 1) {
                    findings.error(where, "A bool is 0 or 1, but this one is " + bit + ".");
                }
                yield new GgufValue.BooleanValue(bit == 1);
            }
            case STRING -> {
                var string = GgufString.owning(readString(where, what, LONGEST_STRING_BYTES, 0));
                if (!string.isUtf8()) {
                    findings.warning(where, "The string is no UTF-8; what is not is shown as U+FFFD.");
                }
                yield new GgufValue.StringValue(string);
            }
            case ARRAY -> readArray(key, where);
        };
    }

    private GgufValue readArray(String key, String where) {
        ValueType elementType = readType(where, key, "array's element");
        long count = cursor.u64("the length of the array of key " + Quote.of(key));
        return switch (elementType) {
            case ARRAY -> throw new GgufException(where, "The value is an array of arrays, which GGUF has no use for.");
            case STRING -> readStrings(key, count, where);
            case U8, I8, U16, I16, U32, I32, U64, I64, F32, F64, BOOL -> readNumbers(key, elementType, count, where);
        };
    }

    private GgufValue.NumberArray readNumbers(String key, ValueType elementType, long count, String where) {
        int width = elementType.bytes();
        requireRoom(count, width, elementType.label() + " values", where);
        long bytes = count * width;
        budget.charge(bytes, where);
        byte[] data = new byte[(int) bytes];
        cursor.bytes(data, 0, data.length, "the array of key " + Quote.of(key));
        if (elementType == ValueType.BOOL) {
            for (int i = 0; i < data.length; i++) {
                if (data[i] != 0 && data[i] != 1) {
                    findings.error(
                            where, "A bool is 0 or 1, but element " + i + " of the array is " + (data[i] & 0xff) + ".");
                    break;
                }
            }
        }
        return new GgufValue.NumberArray(elementType, data);
    }

    private GgufValue.StringArray readStrings(String key, long count, String where) {
        requireRoom(count, Long.BYTES, "strings", where);
        budget.charge(count * Integer.BYTES, where);
        int[] ends = new int[(int) count];
        byte[] block = new byte[(int) Math.min(1 << 16, cursor.remaining())];
        int used = 0;
        boolean utf8 = true;
        // Said once: an array may have half a million strings.
        String what = "the strings of the array of key " + Quote.of(key);
        for (int i = 0; i < ends.length; i++) {
            long promised = cursor.u64(what);
            if (promised < 0 || promised > Math.min(cursor.remaining(), LONGEST_STRING_BYTES)) {
                requireLength(
                        promised, LONGEST_STRING_BYTES, "string " + i + " of " + ends.length + " in the array", where);
            }
            int length = (int) promised;
            // Half as much again, because the block grows by doubling and is copied once at the end.
            budget.charge(length + (length >> 1), where);
            if (length > block.length - used) {
                block = Arrays.copyOf(block, (int) Math.max(2L * block.length, (long) used + length));
            }
            cursor.bytes(block, used, length, what);
            utf8 &= Utf8.isValid(block, used, length);
            used += length;
            ends[i] = used;
        }
        if (!utf8 && !key.startsWith(TOKENIZER_PREFIX)) {
            findings.warning(where, "Not all strings of the array are UTF-8; what is not is shown as U+FFFD.");
        }
        return new GgufValue.StringArray(Arrays.copyOf(block, used), ends);
    }

    /** Reads a length and so many bytes. */
    private byte[] readString(String where, String what, int longest, int overhead) {
        long length = cursor.u64("the length of " + what);
        requireLength(length, longest, what, where);
        budget.charge(length * 2 + overhead, where);
        byte[] bytes = new byte[(int) length];
        cursor.bytes(bytes, 0, bytes.length, what);
        return bytes;
    }

    private void requireLength(long length, int longest, String what, String where) {
        if (length < 0 || length > cursor.remaining()) {
            throw new GgufException(
                    where,
                    "Reading " + what + ": its length is " + Long.toUnsignedString(length) + " bytes, but only "
                            + cursor.remaining() + " bytes are left in the file. " + Cursor.CUT_SHORT);
        }
        if (length > longest) {
            throw new GgufException(
                    where,
                    "Reading " + what + ": its length is " + length + " bytes, but " + longest + " is the limit.");
        }
    }

    private void requireRoom(long count, int bytesEach, String what, String where) {
        if (count < 0 || count > cursor.remaining() / bytesEach) {
            throw new GgufException(
                    where,
                    "The array promises " + Long.toUnsignedString(count) + " " + what + ", but only "
                            + cursor.remaining() + " bytes are left in the file. " + Cursor.CUT_SHORT);
        }
        if (count > Integer.MAX_VALUE / Long.BYTES) {
            throw new GgufException(where, "The array promises " + count + " " + what + ", which is too many.");
        }
    }
}
