package dev.quern.gguf;

import static dev.quern.gguf.BrokenFile.refused;

import java.util.Arrays;
import java.util.List;

/** Files that are wrong in their first bytes. */
final class BrokenHeaders {
    private BrokenHeaders() {}

    static List<BrokenFile> all() {
        return List.of(
                refused("an empty file", "offset 0: The file is empty.", () -> new byte[0]),
                refused(
                        "the magic and nothing else",
                        "offset 4: The file ends within the version: 4 bytes are needed, 0 are left",
                        () -> RawFile.empty().ascii("GGUF").toBytes()),
                refused(
                        "half a magic",
                        "does not begin with 'GGUF' (47 47 55 46) but with 47 47",
                        () -> RawFile.empty().ascii("GG").toBytes()),
                refused(
                        "another magic",
                        "but with 61 62 63 64",
                        () -> RawFile.empty().ascii("abcdefgh").toBytes()),
                refused(
                        "a GGML file",
                        "GGML or GGJT",
                        () -> RawFile.empty().ascii("lmgg").zeros(64).toBytes()),
                refused(
                        "a GGJT file",
                        "GGML or GGJT",
                        () -> RawFile.empty().ascii("tjgg").zeros(64).toBytes()),
                refused(
                        "version 0",
                        "The version is 0, but versions 2 and 3 are supported",
                        () -> RawFile.header(0, 0, 0).toBytes()),
                refused(
                        "version 1",
                        "GGUF version 1, whose layout differs",
                        () -> RawFile.header(1, 0, 0).toBytes()),
                refused(
                        "version 4",
                        "The version is 4",
                        () -> RawFile.header(4, 0, 0).toBytes()),
                refused(
                        "a big-endian file",
                        "big-endian",
                        () -> RawFile.empty()
                                .ascii("GGUF")
                                .bytes(0, 0, 0, 3)
                                .zeros(16)
                                .toBytes()),
                count("-1 tensors", -1, 0, "18446744073709551615 tensors"),
                count("2^62 tensors", 1L << 62, 0, "4611686018427387904 tensors"),
                count("a billion tensors in a small file", 1_000_000_000, 0, "has room for 0 at the most"),
                count("-1 entries", 0, -1, "18446744073709551615 metadata entries"),
                count("2^62 entries", 0, 1L << 62, "4611686018427387904 metadata entries"),
                refused(
                        "one entry too many",
                        "The file ends within the length of the key of metadata entry 3 of 3",
                        () -> RawFile.header(0, 3)
                                .entry("a", "value")
                                .entry("b", "value")
                                .toBytes()),
                refused(
                        "one tensor too many",
                        "tensor 2 of 2",
                        () -> RawFile.header(2, 0)
                                .tensor("a", 0, 0, 1)
                                .align(32)
                                .zeros(32)
                                .toBytes()),
                refused(
                        "a truncated header",
                        "The file ends within the number of metadata entries",
                        () -> Arrays.copyOf(RawFile.header(0, 0).toBytes(), 20)),
                refused(
                        "a gzip archive",
                        "gzip",
                        () -> RawFile.empty().bytes(0x1f, 0x8b, 8, 0).zeros(32).toBytes()),
                refused(
                        "a zip archive",
                        "zip archive",
                        () -> RawFile.empty().ascii("PK").bytes(3, 4).zeros(32).toBytes()),
                refused(
                        "a pointer of Git LFS",
                        "git lfs pull",
                        () -> RawFile.empty()
                                .ascii("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
                                .toBytes()),
                refused(
                        "a web page",
                        "web page",
                        () -> RawFile.empty()
                                .ascii("<!DOCTYPE html><html></html>")
                                .toBytes()));
    }

    private static BrokenFile count(String name, long tensors, long entries, String message) {
        return refused(name, message, () -> RawFile.header(tensors, entries).toBytes());
    }
}
