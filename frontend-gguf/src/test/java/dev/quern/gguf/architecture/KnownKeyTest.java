package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufString;
import dev.quern.gguf.GgufValue;
import dev.quern.gguf.GgufValue.BooleanValue;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufValue.StringValue;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.ValueType;
import dev.quern.gguf.architecture.KnownKey.Scope;
import dev.quern.gguf.architecture.KnownKey.Treatment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which values of a key are the same as no key, and what is said of the others. */
class KnownKeyTest {
    private static final KnownKey KEY =
            new KnownKey(Scope.MODEL, "x", Treatment.REFUSED, List.of("0", "1", "false", "plain"), "why");

    private static boolean neutral(GgufValue value) {
        return KEY.isNeutral(value);
    }

    @Test
    void aValueIsNeutralWhateverItsType() {
        for (ValueType type : List.of(ValueType.U8, ValueType.I16, ValueType.I64, ValueType.U64)) {
            assertTrue(neutral(new IntegerValue(type, 0)));
            assertTrue(neutral(new IntegerValue(type, 1)));
            assertFalse(neutral(new IntegerValue(type, 2)));
            assertFalse(neutral(new IntegerValue(type, -1)));
        }
        assertTrue(neutral(new FloatValue(ValueType.F32, 1)));
        assertTrue(neutral(new FloatValue(ValueType.F64, -0.0)));
        assertFalse(neutral(new FloatValue(ValueType.F32, 0.5)));
        assertFalse(neutral(new FloatValue(ValueType.F32, Double.NaN)));
        assertTrue(neutral(new BooleanValue(false)));
        assertFalse(neutral(new BooleanValue(true)));
        assertTrue(neutral(new StringValue(GgufString.of("plain"))));
        assertFalse(neutral(new StringValue(GgufString.of("Plain"))));
    }

    @Test
    void anArrayIsNeutralIfAllOfItIs() {
        assertTrue(neutral(NumberArray.ofIntegers(ValueType.I32)));
        assertTrue(neutral(NumberArray.ofIntegers(ValueType.I32, 0, 1, 0)));
        assertFalse(neutral(NumberArray.ofIntegers(ValueType.I32, 0, 2, 0)));
        assertFalse(neutral(NumberArray.ofIntegers(ValueType.I32, 2, 0)));
        assertTrue(neutral(NumberArray.ofFloats(0, 1)));
        assertFalse(neutral(NumberArray.ofFloats(1, 0.25f)));
        assertTrue(neutral(StringArray.of(new String[0])));
        assertFalse(neutral(StringArray.of("plain")));
    }

    private static List<Finding> said(String key, GgufValue value) {
        return said("llama", key, value);
    }

    private static List<Finding> said(String architecture, String key, GgufValue value) {
        Findings findings = new Findings();
        KnownKeys.check(
                GgufReader.read(ByteSource.of(new GgufWriter().put(key, value).toBytes()))
                        .metadata(),
                architecture,
                findings);
        return findings.list();
    }

    /** Each key of each family's table, with a value that is neutral and with one that is not. */
    @ParameterizedTest
    @MethodSource("architectures")
    void everyKeyIsTreatedAsTheTableSays(String architecture) {
        Set<String> names = new HashSet<>();
        for (KnownKey key : KnownKeys.of(architecture)) {
            String name = key.key(architecture);
            assertTrue(names.add(name), name + " is there twice");
            assertFalse(key.reason().isBlank() || key.reason().endsWith("."), name + " has no reason");
            boolean judged = key.treatment() == Treatment.REFUSED || key.treatment() == Treatment.WARNED;
            assertTrue(judged || key.neutral().isEmpty(), name);
            assertEquals(
                    List.of(),
                    key.neutral().stream()
                            .flatMap(value -> said(architecture, name, text(value)).stream())
                            .toList());
            List<Finding> said =
                    said(architecture, name, judged ? text("quite another") : new IntegerValue(ValueType.U32, 64));
            assertEquals(judged ? 1 : 0, said.size(), name);
            if (judged) {
                assertEquals(
                        key.treatment() == Treatment.REFUSED ? Finding.Severity.ERROR : Finding.Severity.WARNING,
                        said.getFirst().severity());
                assertTrue(
                        said.getFirst().message().startsWith("The value is string 'quite another': " + key.reason()));
            }
        }
    }

    static List<String> architectures() {
        return Architectures.names();
    }

    private static GgufValue text(String text) {
        return new StringValue(GgufString.of(text));
    }

    @Test
    void aKeyOfTheArchitectureThatIsNotKnownIsWarnedOf() {
        List<Finding> said = said("llama.mystery", new IntegerValue(ValueType.U8, 7));
        assertEquals(1, said.size());
        assertEquals(Finding.Severity.WARNING, said.getFirst().severity());
        assertTrue(said.getFirst().message().contains("(u8 7) is not heeded"), said.toString());
        assertEquals(List.of(), said("other.mystery", new IntegerValue(ValueType.U8, 7)));
    }
}
