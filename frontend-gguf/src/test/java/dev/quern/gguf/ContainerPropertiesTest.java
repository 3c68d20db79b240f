package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.gguf.GgufValue.BooleanValue;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufValue.StringValue;
import dev.quern.gguf.architecture.Checks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every container, sound or damaged. */
class ContainerPropertiesTest {
    private static final List<ValueType> INTEGERS =
            Arrays.stream(ValueType.values()).filter(ValueType::isInteger).toList();
    private static final byte[] MODEL = SmallModels.llama().toBytes();

    /** How much of the small model is not tensor data: where damage is most telling. */
    private static final int TABLE_BYTES =
            (int) GgufReader.read(ByteSource.of(MODEL)).dataStart();

    /** A tensor to be written. */
    record Drawn(GgufTensorType type, List<Long> extents, int seed) {
        byte[] data() {
            long blocks = extents.stream().reduce(1L, (left, right) -> left * right) / type.blockElements();
            byte[] data = new byte[(int) (blocks * type.blockBytes())];
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (seed * 31 + i * 7);
            }
            return data;
        }
    }

    @Property
    void whatIsWrittenIsRead(
            @ForAll("metadata") Map<String, GgufValue> metadata, @ForAll("tensors") Map<String, Drawn> tensors)
            throws IOException {
        var writer = new GgufWriter();
        metadata.forEach(writer::put);
        tensors.forEach((name, drawn) -> writer.tensor(name, drawn.type(), drawn.extents(), drawn.data()));
        GgufFile file = GgufReader.read(ByteSource.of(writer.toBytes()));
        assertEquals(
                List.copyOf(metadata.keySet()),
                file.metadata().entries().stream().map(GgufMetadata.Entry::key).toList());
        metadata.forEach(
                (key, value) -> assertEquals(value, file.metadata().find(key).orElseThrow()));
        assertEquals(
                List.copyOf(tensors.keySet()),
                file.tensors().stream().map(GgufTensor::name).toList());
        for (Map.Entry<String, Drawn> each : tensors.entrySet()) {
            GgufTensor tensor = file.requireTensor(each.getKey());
            assertEquals(each.getValue().type(), tensor.type());
            assertEquals(each.getValue().extents(), tensor.extents());
            byte[] data = new byte[(int) tensor.bytes()];
            file.read(tensor, 0, data, 0, data.length);
            assertArrayEquals(each.getValue().data(), data);
        }
    }

    @Property
    void aTruncatedFileIsRefused(@ForAll @IntRange(max = 200_000) int length) {
        if (length < MODEL.length) {
            assertThrows(GgufException.class, () -> GgufReader.read(ByteSource.of(Arrays.copyOf(MODEL, length))));
        }
    }

    @Property
    void noDamageBringsDownTheReader(@ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0) Integer> damage) {
        byte[] damaged = MODEL.clone();
        for (int each : damage) {
            damaged[each % TABLE_BYTES] ^= (byte) (1 << (each >>> 16 & 7));
        }
        // Refusals become findings; anything else that is thrown fails this test.
        Checks.findings(new Frugal(damaged), false);
    }

    @Property
    void noNoiseBringsDownTheReader(@ForAll byte[] noise) {
        byte[] file = RawFile.header(1, 1)
                .ascii(new String(noise, StandardCharsets.ISO_8859_1))
                .toBytes();
        Checks.findings(new Frugal(file), false);
    }

    @Provide
    Arbitrary<Map<String, GgufValue>> metadata() {
        return Arbitraries.maps(keys(), values()).ofMaxSize(12);
    }

    @Provide
    Arbitrary<Map<String, Drawn>> tensors() {
        Arbitrary<Long> extents = Arbitraries.longs().between(1, 3);
        Arbitrary<Drawn> drawn = Combinators.combine(
                        Arbitraries.of(GgufTensorType.class),
                        Arbitraries.longs().between(1, 3),
                        extents.list().ofMaxSize(3),
                        Arbitraries.integers())
                .as((type, blocks, rest, seed) -> {
                    var all = new ArrayList<Long>();
                    all.add(blocks * type.blockElements());
                    all.addAll(rest);
                    return new Drawn(type, all, seed);
                });
        return Arbitraries.maps(keys(), drawn).ofMaxSize(6);
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("._0123456789")
                .ofMinLength(1)
                .ofMaxLength(40)
                .filter(key -> !key.equals("general.alignment"));
    }

    private static Arbitrary<GgufValue> values() {
        Arbitrary<GgufString> strings =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(40).map(GgufString::of);
        Arbitrary<ValueType> integerTypes = Arbitraries.of(INTEGERS);
        return Arbitraries.oneOf(
                Combinators.combine(integerTypes, Arbitraries.longs()).as(ContainerPropertiesTest::fitting),
                Arbitraries.floats().map(value -> new FloatValue(ValueType.F32, value)),
                Arbitraries.doubles().map(value -> new FloatValue(ValueType.F64, value)),
                Arbitraries.of(true, false).map(BooleanValue::new),
                strings.map(StringValue::new),
                strings.array(GgufString[].class).ofMaxSize(20).map(StringArray::of),
                Arbitraries.floats().array(float[].class).ofMaxSize(20).map(NumberArray::ofFloats),
                Combinators.combine(
                                integerTypes,
                                Arbitraries.longs().array(long[].class).ofMaxSize(20))
                        .as(NumberArray::ofIntegers));
    }

    /** An integer cut to the width of its type. */
    private static GgufValue fitting(ValueType type, long value) {
        int unused = Long.SIZE - type.bytes() * Byte.SIZE;
        return switch (type) {
            case I8, I16, I32, I64 -> new IntegerValue(type, value << unused >> unused);
            default -> new IntegerValue(type, value << unused >>> unused);
        };
    }

    /** A source that allows no more reads than a reader that makes progress needs. */
    private static final class Frugal implements ByteSource {
        private final byte[] bytes;
        private int reads;

        Frugal(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public void read(long offset, byte[] target, int start, int length) throws IOException {
            if (++reads > 10 + bytes.length / 64) {
                throw new AssertionError("the reader reads over and over");
            }
            ByteSource.of(bytes).read(offset, target, start, length);
        }
    }
}
