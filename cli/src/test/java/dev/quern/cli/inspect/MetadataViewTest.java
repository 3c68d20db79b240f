package dev.quern.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufString;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufValue.StringValue;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.ValueType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Programs get each value as it is, and are told what is left out; people get a line. */
class MetadataViewTest {
    private static final String TEMPLATE = "{% for m in messages %}'quoted' \"twice\"\n\t".repeat(40);
    private static final String[] TOKENS =
            IntStream.range(0, 100).mapToObj(id -> "<" + id + ">").toArray(String[]::new);

    private static final GgufFile FILE = GgufReader.read(ByteSource.of(new GgufWriter()
            .string("general.architecture", "abacus")
            .string("tokenizer.chat_template", TEMPLATE)
            .put("strings", StringArray.of("a", "b\n", ""))
            .put("bytes", new StringValue(GgufString.of(new byte[] {'a', (byte) 0xFF})))
            .put("flags", NumberArray.ofIntegers(ValueType.BOOL, 1, 0))
            .put("floats", NumberArray.ofFloats(1e-5f, 0.1f, Float.NaN))
            .put("epsilon", new FloatValue(ValueType.F32, 1e-5f))
            .put("large", new IntegerValue(ValueType.U64, -1))
            .put("whole", NumberArray.ofIntegers(ValueType.I32, new long[64]))
            .put("tokens", StringArray.of(TOKENS))
            .toBytes()));

    @Test
    void valuesAreWhatTheyAre() {
        Map<?, ?> fields = (Map<?, ?>) MetadataView.of(FILE, false).getFirst().json();
        assertEquals("abacus", fields.get("general.architecture"));
        assertEquals(TEMPLATE, fields.get("tokenizer.chat_template"));
        assertEquals(List.of("a", "b\n", ""), fields.get("strings"));
        assertEquals("a\uDCFF", fields.get("bytes"));
        assertEquals(List.of(true, false), fields.get("flags"));
        assertEquals(List.of(1e-5, 0.1, "NaN"), fields.get("floats"));
        assertEquals(1e-5, fields.get("epsilon"));
        assertEquals("18446744073709551615", fields.get("large"));
        assertEquals(Collections.nCopies(64, 0L), fields.get("whole"));
    }

    @Test
    void longArraysAreLeftOutAndCounted() {
        List<View> views = MetadataView.of(FILE, false);
        assertEquals(
                Arrays.asList(TOKENS).subList(0, 8),
                ((Map<?, ?>) views.getFirst().json()).get("tokens"));
        assertEquals("left_out", views.getLast().name());
        assertEquals(Map.of("tokens", 92), views.getLast().json());
        List<View> full = MetadataView.of(FILE, true);
        assertEquals(Arrays.asList(TOKENS), ((Map<?, ?>) full.getFirst().json()).get("tokens"));
        assertEquals(Map.of(), full.getLast().json());
    }

    @Test
    void peopleAreToldHowToSeeAll() {
        String text = MetadataView.of(FILE, false).getFirst().text();
        String template = text.lines()
                .filter(line -> line.startsWith("tokenizer.chat_template"))
                .findFirst()
                .orElseThrow();
        assertTrue(template.endsWith(" … (" + TEMPLATE.length() + " characters)"), template);
        assertEquals(2, template.split("characters", -1).length, "cut once");
        assertTrue(text.endsWith("\nWith --json each value is whole, and with --full beside it each array.\n"), text);
        GgufFile small = GgufReader.read(ByteSource.of(
                new GgufWriter().string("general.architecture", "abacus").toBytes()));
        assertFalse(MetadataView.of(small, false).getFirst().text().contains("--json"));
    }
}
