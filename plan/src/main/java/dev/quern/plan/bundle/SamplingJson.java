package dev.quern.plan.bundle;

import dev.quern.plan.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** {@link SamplingAdvice} as JSON: an object of what is advised. */
public final class SamplingJson {
    private SamplingJson() {}

    /** The object, for the printer of JSON. */
    public static Map<String, Object> write(SamplingAdvice advice) {
        var json = new LinkedHashMap<String, Object>();
        advice.temperature().ifPresent(value -> json.put("temperature", value));
        advice.topK().ifPresent(value -> json.put("top_k", value));
        advice.topP().ifPresent(value -> json.put("top_p", value));
        advice.minP().ifPresent(value -> json.put("min_p", value));
        advice.repeatPenalty().ifPresent(value -> json.put("repeat_penalty", value));
        advice.repeatLast().ifPresent(value -> json.put("repeat_last_n", value));
        return json;
    }

    /**
     * Reads such an object.
     *
     * @throws dev.quern.plan.BundleException if a number is out of its range
     */
    static SamplingAdvice read(JsonValue json) {
        return new SamplingAdvice(
                number(json, "temperature", 0, Float.MAX_VALUE),
                count(json, "top_k"),
                number(json, "top_p", Float.MIN_VALUE, 1),
                number(json, "min_p", 0, 1),
                number(json, "repeat_penalty", Float.MIN_VALUE, Float.MAX_VALUE),
                count(json, "repeat_last_n"));
    }

    private static OptionalDouble number(JsonValue json, String name, double least, double most) {
        if (!json.has(name)) {
            return OptionalDouble.empty();
        }
        double value = json.field(name).number();
        if (!(value >= least && value <= most)) {
            throw json.field(name).expected("a number within the range of its setting");
        }
        return OptionalDouble.of(value);
    }

    private static OptionalInt count(JsonValue json, String name) {
        return json.has(name)
                ? OptionalInt.of((int) json.field(name).whole(0, Integer.MAX_VALUE))
                : OptionalInt.empty();
    }
}
