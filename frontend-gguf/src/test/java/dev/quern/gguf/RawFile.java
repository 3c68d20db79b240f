package dev.quern.gguf;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes containers field by field, right or wrong. */
final class RawFile {
    private final LittleEndianWriter out = new LittleEndianWriter();

    private RawFile() {}

    /** Begins with a header of version 3. */
    static RawFile header(long tensors, long entries) {
        return header(3, tensors, entries);
    }

    static RawFile header(long version, long tensors, long entries) {
        return empty().ascii("GGUF").u32(version).u64(tensors).u64(entries);
    }

    static RawFile empty() {
        return new RawFile();
    }

    RawFile ascii(String text) {
        out.bytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    RawFile bytes(int... bytes) {
        for (int each : bytes) {
            out.integer(each, 1);
        }
        return this;
    }

    RawFile zeros(int count) {
        out.bytes(new byte[count]);
        return this;
    }

    RawFile u32(long value) {
        out.u32(value);
        return this;
    }

    RawFile u64(long value) {
        out.u64(value);
        return this;
    }

    RawFile string(String text) {
        out.string(text);
        return this;
    }

    /** A key and the number of its type; the value follows. */
    RawFile key(String key, ValueType type) {
        return string(key).u32(type.id());
    }

    /** A key with a string. */
    RawFile entry(String key, String value) {
        return key(key, ValueType.STRING).string(value);
    }

    /** A row of the table of tensors. */
    RawFile tensor(String name, long type, long offset, long... extents) {
        string(name).u32(extents.length);
        for (long extent : extents) {
            u64(extent);
        }
        return u32(type).u64(offset);
    }

    RawFile align(int alignment) {
        out.align(alignment);
        return this;
    }

    /** Applies a change. */
    RawFile with(Consumer<RawFile> change) {
        change.accept(this);
        return this;
    }

    byte[] toBytes() {
        return out.toBytes();
    }
}
