package dev.quern.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the container: header, metadata, table of tensors; no tensor data.
 *
 * <p>Versions 2 and 3 are read. Whatever the file claims is checked before it is believed; see the package's manual.
 */
public final class GgufReader {
    /** How much heap all metadata together may take: 256 MiB, a multiple of what the largest vocabularies need. */
    public static final long METADATA_BUDGET_BYTES = 256L << 20;

    /** The smallest entry: a key of one character (8 + 1), its type (4) and a value of one byte. */
    private static final int SMALLEST_ENTRY_BYTES = 14;

    /** The smallest tensor entry: a name of one character (8 + 1), rank (4), one extent (8), type (4), offset (8). */
    private static final int SMALLEST_TENSOR_BYTES = 33;

    private static final long DEFAULT_ALIGNMENT = 32;
    private static final long LARGEST_ALIGNMENT = 1 << 20;
    private static final String ALIGNMENT_KEY = "general.alignment";

    private final ByteSource source;
    private final Cursor cursor;
    private final Findings findings;

    private GgufReader(ByteSource source, Findings findings) {
        this.source = source;
        this.cursor = new Cursor(source);
        this.findings = findings;
    }

    /**
     * Reads a container, or the containers of a model that was split.
     *
     * @throws GgufException if the file is refused, with all that was found
     */
    public static GgufFile read(ByteSource source) {
        return source.parts().size() == 1 ? readOne(source) : SplitModel.read(source);
    }

    /** Reads one container. */
    static GgufFile readOne(ByteSource source) {
        var findings = new Findings();
        Optional<GgufFile> file = findings.attemptReading(() -> new GgufReader(source, findings).readAll());
        findings.throwIfErrors();
        return file.orElseThrow();
    }

    private GgufFile readAll() {
        int version = FileHeader.readVersion(source, cursor);
        long tensorCount = count("tensors", SMALLEST_TENSOR_BYTES);
        long entryCount = count("metadata entries", SMALLEST_ENTRY_BYTES);
        var budget = new MemoryBudget(METADATA_BUDGET_BYTES);
        GgufMetadata metadata = new MetadataReader(cursor, budget, findings).read(entryCount);
        long alignment = alignment(metadata);
        List<TensorEntry> entries = new TensorTableReader(cursor, budget, findings).read(tensorCount);
        // A cursor never passes the size of the source, so this sum is far from overflowing.
        long dataStart = (cursor.position() + alignment - 1) / alignment * alignment;
        List<GgufTensor> tensors =
                new TensorLayout(dataStart, alignment, source.size(), findings).place(entries, cursor.position());
        return new GgufFile(source, version, metadata, tensors, alignment, dataStart, findings.warnings());
    }

    /** Reads a count and checks that so many entries of the smallest size fit into what is left of the file. */
    private long count(String of, int smallestBytes) {
        long offset = cursor.position();
        long count = cursor.u64("the number of " + of);
        long most = source.size() / smallestBytes;
        if (count < 0 || count > most) {
            throw new GgufException(
                    "offset " + offset,
                    "The header promises " + Long.toUnsignedString(count) + " " + of + ", but a file of "
                            + source.size() + " bytes has room for " + most
                            + " at the most. " + Cursor.CUT_SHORT);
        }
        return count;
    }

    private long alignment(GgufMetadata metadata) {
        Optional<GgufMetadata.Entry> entry = metadata.entry(ALIGNMENT_KEY);
        if (entry.isEmpty()) {
            return DEFAULT_ALIGNMENT;
        }
        String where = entry.get().where();
        if (!(entry.get().value() instanceof GgufValue.IntegerValue number) || number.type() != ValueType.U32) {
            findings.error(
                    where,
                    "The alignment must be a u32, but is " + entry.get().value().describe() + ".");
            return DEFAULT_ALIGNMENT;
        }
        long alignment = number.value();
        if (alignment <= 0 || Long.bitCount(alignment) != 1 || alignment > LARGEST_ALIGNMENT) {
            findings.error(
                    where,
                    "The alignment must be a power of two from 8 to " + LARGEST_ALIGNMENT + ", but is " + alignment
                            + ".");
            return DEFAULT_ALIGNMENT;
        }
        if (alignment < 8) {
            findings.warning(where, "The alignment is " + alignment + "; the format asks for a multiple of 8.");
        }
        return alignment;
    }

    /** The header's first fields, and what else a file may be that is no GGUF. */
    private static final class FileHeader {
        private static final int MAGIC_BYTES = 4;
        private static final String CONVERT = "Convert the model again with a current converter.";

        /** Reads magic and version. */
        static int readVersion(ByteSource source, Cursor cursor) {
            if (source.size() == 0) {
                throw new GgufException("offset 0", "The file is empty.");
            }
            byte[] magic = new byte[(int) Math.min(MAGIC_BYTES, source.size())];
            cursor.bytes(magic, 0, magic.length, "the magic");
            if (!startsWith(magic, "GGUF")) {
                throw new GgufException("offset 0", whatElse(magic));
            }
            long offset = cursor.position();
            long version = cursor.u32("the version");
            if (version == 2 || version == 3) {
                return (int) version;
            }
            throw new GgufException("offset " + offset, refuseVersion(version));
        }

        private static String refuseVersion(long version) {
            if ((version & 0xffff) == 0 && version != 0) {
                return "The file is big-endian (its version reads as " + version
                        + "); only little-endian files are supported. " + CONVERT;
            }
            if (version == 1) {
                return "This is a file of GGUF version 1, whose layout differs; versions 2 and 3 are supported. "
                        + CONVERT;
            }
            return "The version is " + version + ", but versions 2 and 3 are supported. "
                    + (version == 0 ? "The file is damaged." : "A newer Quern may read it.");
        }

        private static String whatElse(byte[] magic) {
            String found = "The file is no GGUF: it does not begin with 'GGUF'";
            List<String> old = List.of("lmgg", "fmgg", "tjgg", "algg");
            if (old.stream().anyMatch(each -> startsWith(magic, each))) {
                return found + " but with the magic of GGML or GGJT, the formats before it. " + CONVERT;
            }
            if (magic.length >= 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
                return found + " but like a gzip archive. Unpack it first.";
            }
            if (startsWith(magic, "PK")) {
                return found + " but like a zip archive (PyTorch's files are such). Unpack or convert it first.";
            }
            if (startsWith(magic, "vers")) {
                return found + " but like the pointer that Git LFS leaves in place of a file. Run 'git lfs pull'.";
            }
            if (startsWith(magic, "<!") || startsWith(magic, "<h") || startsWith(magic, "<H")) {
                return found + " but like a web page. The download went wrong; fetch the file itself.";
            }
            var bytes = new ArrayList<String>();
            for (byte each : magic) {
                bytes.add(Integer.toHexString(each & 0xff));
            }
            return found + " (47 47 55 46) but with " + String.join(" ", bytes) + ".";
        }

        private static boolean startsWith(byte[] bytes, String ascii) {
            if (bytes.length < ascii.length()) {
                return false;
            }
            for (int i = 0; i < ascii.length(); i++) {
                if (bytes[i] != ascii.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
