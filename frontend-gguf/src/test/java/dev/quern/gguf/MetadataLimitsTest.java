package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Metadata up to the largest that is taken, in a file and in memory. */
class MetadataLimitsTest {
    /** What reading an entry may take beside its value. */
    private static final int ENTRY = 1000;

    private static final int MANY = 20_000;

    private final Findings findings = new Findings();

    private GgufMetadata read(long budget, RawFile file) {
        return new MetadataReader(new Cursor(ByteSource.of(file.toBytes())), new MemoryBudget(budget), findings)
                .read(1);
    }

    private GgufMetadata read(RawFile file) {
        return read(1 << 30, file);
    }

    private static RawFile array(ValueType elements, long count) {
        return RawFile.empty().key("k", ValueType.ARRAY).u32(elements.id()).u64(count);
    }

    private void refuses(String message, RawFile file) {
        GgufException refusal = assertThrows(GgufException.class, () -> read(file));
        assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
    }

    /** Whatever the kind of value: less memory than it has bytes is not enough, three times as much is. */
    @Test
    void allThatIsReadIsPaidForFirst() {
        RawFile strings = array(ValueType.STRING, 2).string("s").string("s".repeat(MANY));
        RawFile empty = array(ValueType.STRING, MANY / 4).zeros(8 * (MANY / 4));
        for (RawFile file : List.of(
                array(ValueType.I8, MANY).zeros(MANY),
                array(ValueType.F64, MANY / 8).zeros(MANY),
                RawFile.empty().entry("k", "s".repeat(MANY)),
                RawFile.empty().entry("k".repeat(MANY), "s"),
                strings,
                empty)) {
            assertThrows(GgufException.class, () -> read(MANY, file));
            assertEquals(1, read(ENTRY + 3 * MANY, file).entries().size());
        }
    }

    @Test
    void arraysMayEndWithTheFile() {
        for (ValueType type : List.of(ValueType.U8, ValueType.I16, ValueType.F32, ValueType.U64)) {
            assertEquals(
                    7,
                    read(array(type, 7).zeros(7 * type.bytes()))
                            .findNumbers("k")
                            .map(NumberArray::length)
                            .orElseThrow());
            refuses(
                    "promises 8 " + type.label() + " values, but only",
                    array(type, 8).zeros(7 * type.bytes()));
        }
        assertEquals(
                7,
                read(array(ValueType.STRING, 7).zeros(56))
                        .findStrings("k")
                        .map(StringArray::length)
                        .orElseThrow());
        refuses("promises 8 strings, but only", array(ValueType.STRING, 8).zeros(56));
        refuses(
                "string 1 of 2 in the array",
                array(ValueType.STRING, 2).string("a").u64(2).bytes('b'));
        refuses("promises 18446744073709551615", array(ValueType.U8, -1));
    }

    /** Strings one behind the other, of any length: what a block held before stays when it grows. */
    @Test
    void stringsKeepTheirTexts() {
        int[] lengths = {0, 1, 65_535, 3, 0, 131_072, 70_000, 2};
        RawFile file = array(ValueType.STRING, lengths.length);
        for (int index = 0; index < lengths.length; index++) {
            file.string(String.valueOf((char) ('a' + index)).repeat(lengths[index]));
        }
        StringArray strings = read(file).findStrings("k").orElseThrow();
        for (int index = 0; index < lengths.length; index++) {
            assertEquals(String.valueOf((char) ('a' + index)).repeat(lengths[index]), strings.textAt(index));
            assertEquals(lengths[index], strings.at(index).length());
        }
        assertEquals(List.of(), findings.list());
    }

    /** Vocabularies may hold bytes that are no text; elsewhere that is odd, wherever in an array it stands. */
    @Test
    void stringsThatAreNoTextAreToldButInVocabularies() {
        for (int bad = 0; bad < 3; bad++) {
            for (String key : List.of("tokenizer.ggml.tokens", "general.tags")) {
                RawFile file = RawFile.empty()
                        .key(key, ValueType.ARRAY)
                        .u32(ValueType.STRING.id())
                        .u64(3);
                for (int index = 0; index < 3; index++) {
                    file.u64(1).bytes(index == bad ? 0xff : 'a');
                }
                int before = findings.list().size();
                read(file);
                assertEquals(key.startsWith("g") ? 1 : 0, findings.list().size() - before, key);
            }
        }
    }

    @Test
    void keysAreTakenUpToTheirLimit() {
        String longest = "k".repeat(65_535);
        assertTrue(read(RawFile.empty().entry(longest, "v")).contains(longest));
        refuses(
                "its length is 65536 bytes, but 65535 is the limit",
                RawFile.empty().entry(longest + "k", "v"));
        read(RawFile.empty().entry("\0k", "v"));
        assertTrue(findings.list().getFirst().message().contains("contains a zero byte"));
    }

    @Test
    void aBoolIsZeroOrOne() {
        read(array(ValueType.BOOL, 3).bytes(0, 1, 0));
        assertEquals(List.of(), findings.list());
        read(array(ValueType.BOOL, 4).bytes(0, 1, 200, 2));
        assertEquals(
                "A bool is 0 or 1, but element 2 of the array is 200.",
                findings.list().getFirst().message());
    }

    /** Files that are cut short lack all behind the cut: three tensors are named, the others counted. */
    @Test
    void ofManyTensorsBeyondTheEndThreeAreNamed() {
        for (int beyond = 0; beyond < 6; beyond++) {
            Findings said = new Findings();
            List<TensorEntry> entries = IntStream.range(0, 6)
                    .mapToObj(
                            index -> new TensorEntry("t" + index, 0, GgufTensorType.F32, List.of(8L), 32, 32L * index))
                    .toList();
            new TensorLayout(0, 32, 32L * (6 - beyond), said).place(entries, 0);
            assertEquals(Math.min(4, beyond), said.list().size());
            assertEquals(
                    beyond > 3,
                    said.list().stream().anyMatch(each -> each.message().contains(" more of 6 tensors end beyond")));
        }
        Findings five = new Findings();
        new TensorLayout(0, 32, 0, five)
                .place(Collections.nCopies(5, new TensorEntry("t", 0, GgufTensorType.F32, List.of(1L), 4, 0)), 0);
        assertTrue(five.list().getLast().message().startsWith("2 more of 5 tensors"));
    }
}
