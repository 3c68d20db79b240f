package dev.quern.runtime.web;

import dev.quern.plan.json.JsonText;
import dev.quern.plan.json.JsonValue;
import dev.quern.text.TokenizerTrial.Outcome;
import dev.quern.text.TokenizerTrial.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** What came of trying a tokenizer, on its way from the engine's module to the compiler's. */
public final class TrialJson {
    private static final String REFUSAL = "refusal";
    private static final String KEY = "key";
    private static final String WARNINGS = "warnings";
    private static final String TEMPLATE = "template";

    private TrialJson() {}

    /** The outcome as JSON. */
    static String write(Outcome outcome) {
        var json = new LinkedHashMap<String, Object>();
        outcome.refusal().ifPresent(refusal -> {
            json.put(REFUSAL, refusal.message());
            refusal.key().ifPresent(key -> json.put(KEY, key));
        });
        json.put(WARNINGS, outcome.warnings());
        outcome.template().ifPresent(problem -> json.put(TEMPLATE, problem));
        return JsonText.printLine(json);
    }

    /** The outcome that such JSON tells. */
    public static Outcome read(String text) {
        var json = JsonValue.parse("the engine's answer", text);
        Optional<Refusal> refusal = find(json, REFUSAL).map(message -> new Refusal(find(json, KEY), message));
        List<String> warnings = json.field(WARNINGS).list(JsonValue::text);
        return new Outcome(refusal, warnings, find(json, TEMPLATE));
    }

    private static Optional<String> find(JsonValue json, String name) {
        return json.has(name) ? Optional.of(json.field(name).text()) : Optional.empty();
    }
}
