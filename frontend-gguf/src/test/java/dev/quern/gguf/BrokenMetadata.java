package dev.quern.gguf;

import static dev.quern.gguf.BrokenFile.refused;
import static dev.quern.gguf.BrokenFile.warned;

import java.util.List;
import java.util.function.Consumer;

/** Files whose metadata entries are wrong. */
final class BrokenMetadata {
    private static final String ALIGNMENT = "general.alignment";

    private BrokenMetadata() {}

    static List<BrokenFile> all() {
        return List.of(
                entry(
                        "a key of 2^64 - 1 bytes",
                        "its length is 18446744073709551615 bytes",
                        file -> file.u64(-1).zeros(32)),
                entry(
                        "a key past the end",
                        "its length is 1000 bytes, but only 32 bytes are left",
                        file -> file.u64(1000).zeros(32)),
                entry(
                        "an empty key",
                        "it is empty",
                        file -> file.key("", ValueType.U32).u32(1)),
                refused(
                        "a key twice",
                        "key 'a': The key was there before, at offset 24",
                        () -> RawFile.header(0, 2)
                                .entry("a", "1")
                                .entry("a", "2")
                                .toBytes()),
                entry(
                        "type 13",
                        "The value has type number 13, but types are numbered 0 to 12",
                        file -> file.string("a").u32(13).zeros(32)),
                entry(
                        "type -1",
                        "type number 4294967295",
                        file -> file.string("a").u32(-1).zeros(32)),
                array(
                        "an array of arrays",
                        "array of arrays",
                        file -> file.u32(9).u64(1).u32(4).u64(1).u32(0)),
                array(
                        "an array of elements of type 99",
                        "The array's element has type number 99",
                        file -> file.u32(99).u64(1).zeros(32)),
                array(
                        "an array of 2^64 - 1 elements",
                        "promises 18446744073709551615 u8 values",
                        file -> file.u32(0).u64(-1).zeros(32)),
                array(
                        "an array whose bytes wrap",
                        "promises 2305843009213693952 u64 values",
                        file -> file.u32(10).u64(1L << 61).zeros(32)),
                array(
                        "a billion strings in a small file",
                        "promises 1000000000 strings, but only 32 bytes are left",
                        file -> file.u32(8).u64(1_000_000_000).zeros(32)),
                array(
                        "a string of 2^63 bytes in an array",
                        "string 0 of 1 in the array: its length is 9223372036854775808",
                        file -> file.u32(8).u64(1).u64(Long.MIN_VALUE).zeros(32)),
                entry(
                        "a string of 2^63 bytes",
                        "9223372036854775808 bytes",
                        file -> file.key("a", ValueType.STRING)
                                .u64(Long.MIN_VALUE)
                                .zeros(32)),
                entry(
                        "a string of 900 MB with one byte left",
                        "its length is 900000000 bytes, but only 1 bytes are left",
                        file -> file.key("a", ValueType.STRING).u64(900_000_000).zeros(1)),
                entry(
                        "a bool that is 2",
                        "key 'a': A bool is 0 or 1, but this one is 2",
                        file -> file.key("a", ValueType.BOOL).bytes(2)),
                array(
                        "a bool that is 2 in an array",
                        "element 1 of the array is 2",
                        file -> file.u32(7).u64(2).bytes(1, 2)),
                entry(
                        "a key of 70,000 bytes",
                        "70000 bytes, but 65535 is the limit",
                        file -> file.key("k".repeat(70_000), ValueType.U32).u32(1)),
                warned(
                        "a key that is not ASCII",
                        "'naïve' is not ASCII",
                        () -> RawFile.header(0, 1).entry("naïve", "value").toBytes()),
                entry(
                        "a zero byte in a key",
                        "'a\\u{0}b' contains a zero byte",
                        file -> file.entry("a" + (char) 0 + "b", "value")),
                entry(
                        "a key that is no UTF-8",
                        "it is no UTF-8",
                        file -> file.u64(2).bytes(0xff, 0xfe).u32(7).zeros(8)),
                warned(
                        "a string that is no UTF-8",
                        "key 'a': The string is no UTF-8",
                        () -> RawFile.header(0, 1)
                                .key("a", ValueType.STRING)
                                .u64(2)
                                .bytes(0xc3, 0x28)
                                .toBytes()),
                array("arrays nested a thousand deep", "array of arrays", file -> {
                    for (int depth = 0; depth < 1000; depth++) {
                        file.u32(9).u64(1);
                    }
                    file.u32(0).u64(1).bytes(1);
                }),
                alignment("alignment 0", "must be a power of two from 8 to 1048576, but is 0", ValueType.U32, 0),
                alignment("alignment 13", "but is 13", ValueType.U32, 13),
                alignment("alignment 2^30", "but is 1073741824", ValueType.U32, 1 << 30),
                alignment("alignment 2^31", "but is 2147483648", ValueType.U32, 1L << 31),
                alignment("an alignment of type i32", "must be a u32, but is i32 32", ValueType.I32, 32),
                alignment("an alignment of type u64", "must be a u32, but is u64 32", ValueType.U64, 32),
                refused(
                        "an alignment of type string",
                        "must be a u32, but is string '32'",
                        () -> RawFile.header(0, 1).entry(ALIGNMENT, "32").toBytes()),
                warned(
                        "alignment 4",
                        "the format asks for a multiple of 8",
                        () -> RawFile.header(0, 1)
                                .key(ALIGNMENT, ValueType.U32)
                                .u32(4)
                                .toBytes()));
    }

    /** A file with one entry and some room behind it, so that it is the entry that is refused. */
    private static BrokenFile entry(String name, String message, Consumer<RawFile> entry) {
        return refused(name, message, () -> RawFile.header(0, 1).with(entry).toBytes());
    }

    private static BrokenFile array(String name, String message, Consumer<RawFile> array) {
        return entry(name, message, file -> array.accept(file.key("a", ValueType.ARRAY)));
    }

    private static BrokenFile alignment(String name, String message, ValueType type, long value) {
        return entry(name, message, file -> {
            file.key(ALIGNMENT, type);
            if (type.bytes() == Long.BYTES) {
                file.u64(value);
            } else {
                file.u32(value);
            }
        });
    }
}
