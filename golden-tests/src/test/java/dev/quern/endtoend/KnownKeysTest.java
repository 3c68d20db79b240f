package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelVerifier;
import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.architecture.KnownKey;
import dev.quern.gguf.architecture.KnownKey.Treatment;
import dev.quern.gguf.architecture.KnownKeys;
import dev.quern.plan.DeviceProfile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each key of the table gets what the table says. */
class KnownKeysTest {
    private static final byte[] MODEL = RandomModels.write(
            new Shape("keys", 32, 1, 2, 1, 16, 32, true, Rope.PLAIN), Recipe.uniform(GgufTensorType.F32));

    static Stream<KnownKey> refused() {
        return KnownKeys.ALL.stream().filter(known -> known.treatment() == Treatment.REFUSED);
    }

    static Stream<KnownKey> warned() {
        return KnownKeys.ALL.stream().filter(known -> known.treatment() == Treatment.WARNED);
    }

    static Stream<KnownKey> harmless() {
        return KnownKeys.ALL.stream()
                .filter(known -> known.treatment() == Treatment.HARMLESS)
                // Numbers of tokens are read and remembered, so a fraction is refused.
                .filter(known -> !known.ending().endsWith("_token_id"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void anotherValueIsRefusedByName(KnownKey known) {
        String key = known.key("llama");
        List<Finding> findings = findings(copy().f32(key, 0.3f));
        assertTrue(
                findings.stream()
                        .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR
                                && finding.where().contains("'" + key + "'")
                                && finding.message().contains(known.reason())),
                findings::toString);
        assertTrue(findings(copy().put(key, NumberArray.ofFloats(0, 0.3f))).stream()
                .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void theValuesThatChangeNothingAreTaken(KnownKey known) {
        for (String neutral : known.neutral()) {
            assertEquals(List.of(), findings(with(known.key("llama"), neutral)), neutral);
        }
    }

    private static GgufWriter with(String key, String value) {
        return switch (value) {
            case "true" -> copy().bool(key, true);
            case "false" -> copy().bool(key, false);
            case "0" -> copy().f32(key, -0.0f);
            case "1" -> copy().u32(key, 1);
            default -> copy().string(key, value);
        };
    }

    @ParameterizedTest
    @MethodSource("warned")
    void anotherValueIsWarnedOf(KnownKey known) {
        String key = known.key("llama");
        List<Finding> findings = findings(copy().u32(key, 3));
        assertEquals(1, findings.size(), findings::toString);
        assertEquals(Finding.Severity.WARNING, findings.getFirst().severity());
        assertTrue(findings.getFirst().where().contains("'" + key + "'"));
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void harmlessKeysSayNothing(KnownKey known) {
        assertEquals(List.of(), findings(copy().f32(known.key("llama"), 0.3f)));
    }

    private static GgufWriter copy() {
        return MutatedModel.copy(MODEL);
    }

    private static List<Finding> findings(GgufWriter model) {
        return ModelVerifier.verify(ByteSource.of(model.toBytes()), CompileOptions.of(DeviceProfile.PORTABLE), false)
                .findings();
    }
}
