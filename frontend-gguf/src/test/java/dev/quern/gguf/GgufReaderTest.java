package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.GgufValue.BooleanValue;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufValue.StringValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GgufReaderTest {
    private static GgufFile roundTrip(GgufWriter writer) {
        return GgufReader.read(ByteSource.of(writer.toBytes()));
    }

    @Test
    void whereverAFileIsCutItSaysWhatToDo() {
        byte[] whole = new GgufWriter()
                .string("general.architecture", "abacus")
                .put("strings", StringArray.of("one", "two", "three"))
                .put("numbers", NumberArray.ofFloats(1, 2, 3))
                .tensor("beads", GgufTensorType.F32, List.of(16L), new byte[64])
                .toBytes();
        for (int length = 4; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            String message = assertThrows(GgufException.class, () -> GgufReader.read(ByteSource.of(cut)))
                    .getMessage();
            assertTrue(message.contains("cut short or damaged; fetch it again."), length + ": " + message);
        }
    }

    @Test
    void readsEveryTypeOfValue() {
        var writer = new GgufWriter();
        List<GgufValue> values = List.of(
                new IntegerValue(ValueType.U8, 200),
                new IntegerValue(ValueType.I8, -100),
                new IntegerValue(ValueType.U16, 60_000),
                new IntegerValue(ValueType.I16, -30_000),
                new IntegerValue(ValueType.U32, 4_000_000_000L),
                new IntegerValue(ValueType.I32, -2_000_000_000L),
                new FloatValue(ValueType.F32, 0.5),
                new BooleanValue(true),
                new StringValue(GgufString.of("naïve ☃")),
                NumberArray.ofIntegers(ValueType.I16, -1, 2, -3),
                new IntegerValue(ValueType.U64, -1),
                new IntegerValue(ValueType.I64, Long.MIN_VALUE),
                new FloatValue(ValueType.F64, Math.PI),
                NumberArray.ofFloats(1.5f, Float.NEGATIVE_INFINITY),
                NumberArray.ofIntegers(ValueType.BOOL, 1, 0),
                StringArray.of("a", "", "ccc"));
        for (int i = 0; i < values.size(); i++) {
            writer.put("key." + i, values.get(i));
        }
        GgufFile file = roundTrip(writer);
        assertEquals(3, file.version());
        assertEquals(
                values,
                file.metadata().entries().stream()
                        .map(GgufMetadata.Entry::value)
                        .toList());
        assertEquals(List.of(), file.warnings());
    }

    @Test
    void readsVersionTwo() {
        byte[] bytes = new GgufWriter().u32("a", 1).toBytes();
        bytes[4] = 2;
        GgufFile file = GgufReader.read(ByteSource.of(bytes));
        assertEquals(2, file.version());
        assertEquals(1, file.metadata().requireInteger("a"));
    }

    @Test
    void placesTensorsAtTheAlignment() throws IOException {
        byte[] first = {1, 2, 3, 4};
        byte[] second = new byte[34];
        second[33] = 7;
        GgufFile file = roundTrip(new GgufWriter()
                .alignment(64)
                .tensor("a", GgufTensorType.F32, List.of(1L), first)
                .tensor("b", GgufTensorType.Q8_0, List.of(32L, 1L), second));
        GgufTensor b = file.requireTensor("b");
        assertEquals(0, file.dataStart() % 64);
        assertEquals(file.dataStart() + 64, b.offset());
        assertEquals("Q8_0[32, 1]", b.shape());
        byte[] back = new byte[34];
        file.read(b, 0, back, 0, 34);
        assertArrayEquals(second, back);
        assertThrows(IndexOutOfBoundsException.class, () -> file.read(b, 1, back, 0, 34));
    }

    @Test
    void keepsBytesThatAreNoUtf8() {
        var raw = GgufString.of(new byte[] {(byte) 0xff, 'a', (byte) 0xc0});
        GgufFile file = roundTrip(new GgufWriter()
                .put("tokenizer.ggml.tokens", StringArray.of(raw))
                .put("general.name", new StringValue(raw)));
        StringArray tokens =
                file.metadata().findStrings("tokenizer.ggml.tokens").orElseThrow();
        assertArrayEquals(raw.bytes(), tokens.at(0).bytes());
        assertEquals(1, file.warnings().size(), "the name is warned about, the token is not");
        assertTrue(file.warnings().getFirst().where().contains("general.name"));
    }

    @Test
    void typedAccessNamesKeyFoundAndExpected() {
        GgufMetadata metadata = roundTrip(new GgufWriter().u32("a", 7).put("big", new IntegerValue(ValueType.U64, -1)))
                .metadata();
        assertEquals(7, metadata.requireInteger("a"));
        var wrong = assertThrows(GgufException.class, () -> metadata.findString("a"));
        assertEquals("offset 24, key 'a': The value must be a string, but is u32 7.", wrong.getMessage());
        var missing = assertThrows(GgufException.class, () -> metadata.requireFloat("b"));
        assertEquals(
                "key 'b': The key is missing; it must be there and be a floating-point number.", missing.getMessage());
        var big = assertThrows(GgufException.class, () -> metadata.findInteger("big"));
        assertTrue(big.getMessage().contains("18446744073709551615"), big.getMessage());
    }

    @Test
    void tellsAllProblemsAtOnce() {
        var out = new LittleEndianWriter();
        out.bytes(new byte[] {'G', 'G', 'U', 'F'});
        out.u32(3);
        out.u64(0);
        out.u64(3);
        for (String key : List.of("a", "a", "")) {
            out.string(key);
            out.u32(ValueType.BOOL.id());
            out.integer(2, 1);
        }
        var refusal = assertThrows(GgufException.class, () -> GgufReader.read(ByteSource.of(out.toBytes())));
        List<String> messages =
                refusal.findings().stream().map(Finding::message).toList();
        assertEquals(5, messages.size(), messages.toString());
        assertTrue(refusal.getMessage().endsWith("(and 4 more)"), refusal.getMessage());
    }

    @Test
    void aSourceThatFailsIsNamed() {
        var failing = new ByteSource() {
            @Override
            public long size() {
                return 1000;
            }

            @Override
            public void read(long offset, byte[] target, int start, int length) throws IOException {
                throw new IOException("the cable was pulled");
            }
        };
        var refusal = assertThrows(GgufException.class, () -> GgufReader.read(failing));
        assertTrue(refusal.getMessage().contains("the cable was pulled"), refusal.getMessage());
    }
}
