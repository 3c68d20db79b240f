package dev.quern.runtime.web;

import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.SamplingJson;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What JavaScript is told of a model, as JSON. Whoever opens a bundle and whoever compiles a model file tell it alike:
 * a page must not see which of the two it was.
 */
public final class FactsJson {
    private FactsJson() {}

    /**
     * The object, for the printer of JSON.
     *
     * @param profile the name of the device profile whose plan is taken
     */
    public static Map<String, Object> write(Manifest.Model model, String profile) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("name", model.name());
        facts.put("architecture", model.architecture());
        facts.put("encoding", model.encoding());
        facts.put("parameters", model.parameters());
        facts.put("context_length", model.contextLength());
        facts.put("vocabulary_size", model.vocabularySize());
        facts.put("cache_encoding", model.cacheEncoding().text());
        facts.put("profile", profile);
        if (!model.sampling().isEmpty()) {
            facts.put("sampling", SamplingJson.write(model.sampling()));
        }
        return facts;
    }
}
