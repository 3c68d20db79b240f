package dev.quern.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.plan.CacheEncoding;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.ManifestJson;
import dev.quern.plan.bundle.SamplingAdvice;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What is shown of a bundle is what its manifest says. */
class BundleViewTest {
    @Test
    void nothingThatTheManifestSaysOfTheModelIsLost() {
        var advice = new SamplingAdvice(
                OptionalDouble.of(0.5),
                OptionalInt.of(20),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty());
        var model = new Manifest.Model("m", "llama", "f32", 1, 2, 3, 4, 5, 6, 7, 8, CacheEncoding.F16, advice);
        var shown = (Map<?, ?>) BundleView.facts(new Manifest(model, List.of(), List.of(), List.of(), List.of()))
                .json();
        ManifestJson.model(model).forEach((name, value) -> assertEquals(value, shown.get(name), name));
        assertEquals(Map.of("temperature", 0.5, "top_k", 20), shown.get("sampling"));
    }
}
