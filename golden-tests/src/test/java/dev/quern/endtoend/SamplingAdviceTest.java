package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelVerifier;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufWriter;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.ManifestJson;
import dev.quern.plan.bundle.SamplingAdvice;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a model file advises on choosing tokens reaches the bundle; what makes no sense is passed over, and said. */
class SamplingAdviceTest {
    private static final CompileOptions OPTIONS = CompileOptions.of(DeviceProfile.PORTABLE);

    private static GgufWriter model() {
        return MutatedModel.copy(Objects.requireNonNull(NamedModels.all().get("tiny-llama")));
    }

    private static Manifest.Model facts(GgufWriter model) {
        return ModelCompiler.compile(ByteSource.of(model.toBytes()), OPTIONS).facts();
    }

    @Test
    void adviceIsCarriedAndComesBack() {
        Manifest.Model facts = facts(model().f32("general.sampling.temp", 0.6f)
                .u32("general.sampling.top_k", 20)
                .f32("general.sampling.top_p", 0.5f)
                .f32("general.sampling.min_p", 0)
                .f32("general.sampling.penalty_repeat", 1.25f)
                .u32("general.sampling.penalty_last_n", 32));
        var advice = new SamplingAdvice(
                OptionalDouble.of(0.6f),
                OptionalInt.of(20),
                OptionalDouble.of(0.5),
                OptionalDouble.of(0),
                OptionalDouble.of(1.25),
                OptionalInt.of(32));
        assertEquals(advice, facts.sampling());
        var manifest = new Manifest(facts, List.of(), List.of(), List.of(), List.of());
        assertEquals(facts, ManifestJson.read(ManifestJson.write(manifest)).model());
    }

    @Test
    void aFileThatAdvisesNothingLooksAsItAlwaysDid() {
        Manifest.Model facts = facts(model());
        assertTrue(facts.sampling().isEmpty());
        var manifest = new Manifest(facts, List.of(), List.of(), List.of(), List.of());
        assertTrue(!ManifestJson.write(manifest).contains("sampling"), "bundles stay as they are");
    }

    @Test
    void whatMakesNoSenseIsPassedOver() {
        GgufWriter model = model().f32("general.sampling.temp", -1)
                .f32("general.sampling.top_p", Float.NaN)
                .string("general.sampling.top_k", "many")
                .f32("general.sampling.penalty_last_n", 1.5f)
                .f32("general.sampling.min_p", 0.25f);
        assertEquals(OptionalDouble.of(0.25), facts(model).sampling().minP());
        assertEquals(OptionalDouble.empty(), facts(model).sampling().temperature());
        List<Finding> findings = ModelVerifier.verify(ByteSource.of(model.toBytes()), OPTIONS, false)
                .findings();
        assertEquals(4, findings.size(), findings::toString);
        for (Finding finding : findings) {
            assertEquals(Finding.Severity.WARNING, finding.severity());
            assertTrue(finding.where().contains("general.sampling."), finding::toString);
            assertTrue(finding.message().startsWith("The advice on choosing tokens is passed over: it is "));
        }
    }
}
