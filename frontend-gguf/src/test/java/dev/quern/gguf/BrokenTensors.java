package dev.quern.gguf;

import static dev.quern.gguf.BrokenFile.refused;
import static dev.quern.gguf.BrokenFile.warned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Files whose table of tensors is wrong, or does not fit the data. */
final class BrokenTensors {
    private static final int F32 = 0;
    private static final int Q4_0 = 2;
    private static final int Q4_K = 12;

    private BrokenTensors() {}

    static List<BrokenFile> all() {
        var all = new ArrayList<>(tables());
        for (int type : new int[] {4, 5, 31, 32, 33, 36, 37, 38}) {
            all.add(tensor("removed type " + type, "type has number " + type, file -> file.tensor("a", type, 0, 256)));
        }
        all.addAll(layouts());
        return all;
    }

    private static List<BrokenFile> tables() {
        return List.of(
                tensor(
                        "a name of 64 bytes",
                        "has 64 bytes, but 63 is the limit",
                        file -> file.tensor("n".repeat(64), F32, 0, 1)),
                tensor(
                        "a name of 70,000 bytes",
                        "70000 bytes, but 63 is the limit",
                        file -> file.tensor("n".repeat(70_000), F32, 0, 1)),
                tensor(
                        "a name of 2^63 bytes",
                        "its length is 9223372036854775808 bytes",
                        file -> file.u64(Long.MIN_VALUE)),
                tensor("rank 5", "must be 1 to 4, but is 5", file -> file.tensor("a", F32, 0, 1, 1, 1, 1, 1)),
                tensor(
                        "rank 2^32 - 1",
                        "must be 1 to 4, but is 4294967295",
                        file -> file.string("a").u32(-1)),
                tensor("rank 0", "must be 1 to 4, but is 0", file -> file.tensor("a", F32, 0)),
                tensor("an extent of -1", "Extent 0 is 18446744073709551615", file -> file.tensor("a", F32, 0, -1)),
                tensor("an extent of 0", "Extent 1 is 0", file -> file.tensor("a", F32, 0, 1, 0)),
                tensor(
                        "a product that wraps to 0",
                        "in bytes is 2^63 or more",
                        file -> file.tensor("a", F32, 0, 1L << 32, 1L << 32)),
                tensor("bytes that overflow", "in bytes is 2^63 or more", file -> file.tensor("a", F32, 0, 1L << 62)),
                tensor(
                        "a size whose padding wraps",
                        "in bytes is 2^63 or more",
                        file -> file.tensor("a", F32, 0, (1L << 62) - 1)),
                tensor(
                        "a size just below 2^63",
                        "takes 9223372036854775804 bytes",
                        file -> file.tensor("a", F32, 0, (1L << 61) - 1)),
                refused(
                        "sizes whose sum overflows",
                        "tensor 'b'",
                        () -> RawFile.header(2, 0)
                                .tensor("a", F32, 0, 1L << 60)
                                .tensor("b", F32, 1L << 62, 1L << 60)
                                .align(32)
                                .zeros(64)
                                .toBytes()),
                tensor(
                        "type 43",
                        "number 43, which is not known; numbers up to 42 are",
                        file -> file.tensor("a", 43, 0, 256)),
                tensor("tensor type -1", "number 4294967295", file -> file.tensor("a", -1, 0, 256)),
                tensor(
                        "rows of 33 as Q4_0",
                        "A row of 33 elements cannot be stored as Q4_0, whose blocks hold 32",
                        file -> file.tensor("a", Q4_0, 0, 33)),
                tensor("rows of 32 as Q4_K", "whose blocks hold 256", file -> file.tensor("a", Q4_K, 0, 32)),
                refused(
                        "a name twice",
                        "A tensor of this name was there before, at offset 24",
                        () -> RawFile.header(2, 0)
                                .tensor("a", F32, 0, 1)
                                .tensor("a", F32, 32, 1)
                                .align(32)
                                .zeros(64)
                                .toBytes()),
                tensor("an empty name", "it is empty", file -> file.tensor("", F32, 0, 1)),
                tensor(
                        "a zero byte in a name",
                        "'a\\u{0}' contains a zero byte",
                        file -> file.tensor("a" + (char) 0, F32, 0, 1)));
    }

    private static List<BrokenFile> layouts() {
        return List.of(
                tensor(
                        "offset 2^64 - 1",
                        "18446744073709551615 bytes into the data section",
                        file -> file.tensor("a", F32, -1, 1)),
                tensor(
                        "an offset that is not aligned",
                        "no multiple of the alignment 32",
                        file -> file.tensor("a", F32, 4, 1)),
                refused(
                        "tensors that overlap",
                        "overlaps with that of tensor 'a'",
                        () -> RawFile.header(2, 0)
                                .tensor("a", F32, 0, 16)
                                .tensor("b", F32, 32, 8)
                                .align(32)
                                .zeros(64)
                                .toBytes()),
                warned(
                        "a gap between tensors",
                        "32 bytes lie unused between tensor 'a' and it",
                        () -> RawFile.header(2, 0)
                                .tensor("a", F32, 0, 8)
                                .tensor("b", F32, 64, 8)
                                .align(32)
                                .zeros(96)
                                .toBytes()),
                refused(
                        "no data",
                        "but the data section has 0 bytes",
                        () -> RawFile.header(1, 0).tensor("a", F32, 0, 8).toBytes()),
                refused(
                        "the last byte missing",
                        "but the data section has 31 bytes",
                        () -> RawFile.header(1, 0)
                                .tensor("a", F32, 0, 8)
                                .align(32)
                                .zeros(31)
                                .toBytes()),
                refused(
                        "a truncated table",
                        "The file ends within the offset of tensor 'a'",
                        () -> Arrays.copyOf(
                                RawFile.header(1, 0).tensor("a", F32, 0, 8, 8).toBytes(), 24 + 33)),
                refused(
                        "an alignment that the offsets do not keep",
                        "no multiple of the alignment 64",
                        () -> RawFile.header(2, 1)
                                .key("general.alignment", ValueType.U32)
                                .u32(64)
                                .tensor("a", F32, 0, 8)
                                .tensor("b", F32, 32, 8)
                                .align(64)
                                .zeros(128)
                                .toBytes()),
                warned(
                        "bytes after the data",
                        "64 bytes follow after the end of tensor 'a'",
                        () -> RawFile.header(1, 0)
                                .tensor("a", F32, 0, 8)
                                .align(32)
                                .zeros(96)
                                .toBytes()),
                refused(
                        "no tensors",
                        "not a model",
                        () -> RawFile.header(0, 1)
                                .entry("general.architecture", "llama")
                                .toBytes()),
                tensor(
                        "an extent far larger than the file",
                        "takes 4000000000000 bytes",
                        file -> file.tensor("a", F32, 0, 1_000_000_000_000L)));
    }

    /** A file with one tensor and some data. */
    private static BrokenFile tensor(String name, String message, Consumer<RawFile> tensor) {
        return refused(
                name,
                message,
                () -> RawFile.header(1, 0).with(tensor).align(32).zeros(64).toBytes());
    }
}
