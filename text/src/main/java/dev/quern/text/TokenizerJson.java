package dev.quern.text;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of {@link TokenizerData}, as it lies in a bundle. One object:
 *
 * <ul>
 *   <li>{@code model}, {@code pre}: strings;
 *   <li>{@code tokens}: the texts, by id; bytes that are no UTF-8 as {@link TokenText} says, always escaped;
 *   <li>{@code scores}: one number a token; left out where all are 0;
 *   <li>{@code types}: token types as runs: type, how many, type, how many …
 *   <li>{@code merges}: {@code "left right"}, best first; left out where there are none;
 *   <li>{@code special}: ids by the last part of their GGUF keys;
 *   <li>{@code add_bos_token}, {@code add_eos_token}, {@code add_space_prefix}, {@code chat_template}, {@code name}:
 *       left out where the file was silent.
 * </ul>
 *
 * <p>Equal data gives equal text. Reading refuses what it does not know.
 */
public final class TokenizerJson {
    private static final List<String> KEYS = List.of(
            "model",
            "pre",
            "tokens",
            "scores",
            "types",
            "merges",
            "special",
            "add_bos_token",
            "add_eos_token",
            "add_space_prefix",
            "chat_template",
            "name");

    private TokenizerJson() {}

    /** The JSON text of the data. */
    public static String write(TokenizerData data) {
        Vocabulary vocabulary = data.vocabulary();
        JsonStringWriter json = JsonWriter.string();
        json.object().value("model", data.model().ggufName());
        if (data.pre() != null) {
            json.value("pre", data.pre());
        }
        json.array("tokens");
        for (int id = 0; id < vocabulary.size(); id++) {
            json.value(vocabulary.text(id));
        }
        json.end();
        writeScores(json, vocabulary);
        writeTypes(json, vocabulary);
        if (!data.merges().isEmpty()) {
            json.array("merges");
            for (String merge : data.merges()) {
                json.value(merge);
            }
            json.end();
        }
        json.object("special");
        for (SpecialRole role : SpecialRole.values()) {
            if (data.special().has(role)) {
                json.value(role.key(), data.special().id(role));
            }
        }
        json.end();
        writeFlag(json, "add_bos_token", data.addBos());
        writeFlag(json, "add_eos_token", data.addEos());
        writeFlag(json, "add_space_prefix", data.addSpacePrefix());
        if (data.chatTemplate() != null) {
            json.value("chat_template", data.chatTemplate());
        }
        if (data.modelName() != null) {
            json.value("name", data.modelName());
        }
        return escapeLoneSurrogates(json.end().done());
    }

    private static void writeScores(JsonStringWriter json, Vocabulary vocabulary) {
        boolean all = true;
        for (int id = 0; id < vocabulary.size() && all; id++) {
            all = vocabulary.score(id) == 0;
        }
        if (all) {
            return;
        }
        json.array("scores");
        for (int id = 0; id < vocabulary.size(); id++) {
            float score = vocabulary.score(id);
            if (score == (int) score) {
                json.value((int) score);
            } else {
                // As a double, every digit counts: the way back is exact.
                json.value((double) score);
            }
        }
        json.end();
    }

    private static void writeTypes(JsonStringWriter json, Vocabulary vocabulary) {
        json.array("types");
        int start = 0;
        for (int id = 1; id <= vocabulary.size(); id++) {
            if (id == vocabulary.size() || vocabulary.type(id) != vocabulary.type(start)) {
                json.value(vocabulary.type(start).code()).value(id - start);
                start = id;
            }
        }
        json.end();
    }

    private static void writeFlag(JsonStringWriter json, String key, @Nullable Boolean value) {
        if (value != null) {
            json.value(key, value.booleanValue());
        }
    }

    /** Lone surrogates do not survive UTF-8; they stand only within strings, where an escape means the same. */
    private static String escapeLoneSurrogates(String json) {
        StringBuilder escaped = null;
        int copied = 0;
        for (int at = 0; at < json.length(); at++) {
            char unit = json.charAt(at);
            if (!Character.isSurrogate(unit)) {
                continue;
            }
            if (Character.isHighSurrogate(unit)
                    && at + 1 < json.length()
                    && Character.isLowSurrogate(json.charAt(at + 1))) {
                at++;
                continue;
            }
            escaped = escaped == null ? new StringBuilder(json.length() + 64) : escaped;
            escaped.append(json, copied, at).append("\\u").append(Integer.toHexString(unit));
            copied = at + 1;
        }
        return escaped == null
                ? json
                : escaped.append(json, copied, json.length()).toString();
    }

    /**
     * The data that a JSON text holds.
     *
     * @throws TokenizerException if the text is no JSON, has another shape, or holds impossible data
     */
    public static TokenizerData read(String json) {
        JsonObject object;
        try {
            object = JsonParser.object().from(json);
        } catch (JsonParserException problem) {
            throw new TokenizerException("tokenizer.json is not a JSON object: " + JsonFault.of(json, problem) + ".");
        }
        for (String key : object.keySet()) {
            if (!KEYS.contains(key)) {
                throw new TokenizerException("tokenizer.json has the key \"" + key + "\", which is unknown. Known are: "
                        + String.join(", ", KEYS) + ".");
            }
        }
        List<String> tokens = strings(object, "tokens", true);
        return new TokenizerData(
                TokenizerModel.ofGgufName(require(text(object, "model"), "model")),
                text(object, "pre"),
                Vocabulary.of(tokens, scores(object, tokens.size()), types(object, tokens.size())),
                strings(object, "merges", false),
                special(object),
                flag(object, "add_bos_token"),
                flag(object, "add_eos_token"),
                flag(object, "add_space_prefix"),
                text(object, "chat_template"),
                text(object, "name"));
    }

    private static float[] scores(JsonObject object, int size) {
        JsonArray array = array(object, "scores", false);
        float[] scores = new float[array == null ? size : array.size()];
        for (int index = 0; array != null && index < scores.length; index++) {
            if (!(array.get(index) instanceof Number number)) {
                throw wrong("scores[" + index + "]", "a number", array.get(index));
            }
            scores[index] = (float) number.doubleValue();
        }
        return scores;
    }

    private static int[] types(JsonObject object, int size) {
        JsonArray runs = require(array(object, "types", true), "types");
        if (runs.size() % 2 != 0) {
            throw new TokenizerException("\"types\" in tokenizer.json has " + runs.size()
                    + " numbers; pairs of a type and a count are expected.");
        }
        int[] types = new int[size];
        int filled = 0;
        for (int run = 0; run < runs.size(); run += 2) {
            int count = integer(runs.get(run + 1), "types[" + (run + 1) + "]");
            if (count < 1 || count > size - filled) {
                throw new TokenizerException(
                        "\"types[" + (run + 1) + "]\" in tokenizer.json is " + count + "; at least 1 and at most "
                                + (size - filled) + " (tokens that have no type yet) is expected.");
            }
            Arrays.fill(types, filled, filled + count, integer(runs.get(run), "types[" + run + "]"));
            filled += count;
        }
        if (filled != size) {
            throw new TokenizerException(
                    "\"types\" in tokenizer.json gives types to " + filled + " tokens, but there are " + size + ".");
        }
        return types;
    }

    private static SpecialTokens special(JsonObject object) {
        SpecialTokens special = SpecialTokens.NONE;
        Object value = object.get("special");
        if (!(value instanceof JsonObject ids)) {
            throw wrong("special", "an object", value);
        }
        int found = 0;
        for (SpecialRole role : SpecialRole.values()) {
            if (ids.containsKey(role.key())) {
                special = special.with(role, integer(ids.get(role.key()), "special." + role.key()));
                found++;
            }
        }
        if (found != ids.size()) {
            throw new TokenizerException(
                    "\"special\" in tokenizer.json names a role that is unknown: " + String.join(", ", ids.keySet())
                            + ". Known are the last parts of the GGUF keys, such as \"bos_token_id\".");
        }
        return special;
    }

    private static @Nullable String text(JsonObject object, String key) {
        Object value = object.get(key);
        if (value == null && !object.containsKey(key)) {
            return null;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(key, "a string", value);
    }

    private static @Nullable Boolean flag(JsonObject object, String key) {
        Object value = object.get(key);
        if (value == null && !object.containsKey(key)) {
            return null;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "true or false", value);
    }

    private static List<String> strings(JsonObject object, String key, boolean required) {
        JsonArray array = array(object, key, required);
        List<String> strings = new ArrayList<>();
        for (int index = 0; array != null && index < array.size(); index++) {
            if (!(array.get(index) instanceof String text)) {
                throw wrong(key + "[" + index + "]", "a string", array.get(index));
            }
            strings.add(text);
        }
        return strings;
    }

    private static @Nullable JsonArray array(JsonObject object, String key, boolean required) {
        Object value = object.get(key);
        if (value instanceof JsonArray array) {
            return array;
        }
        if (!required && !object.containsKey(key)) {
            return null;
        }
        throw wrong(key, "an array", value);
    }

    private static int integer(@Nullable Object value, String where) {
        if (value instanceof Number number && number.doubleValue() == number.intValue()) {
            return number.intValue();
        }
        throw wrong(where, "a whole number", value);
    }

    private static <T> T require(@Nullable T value, String key) {
        if (value == null) {
            throw new TokenizerException("tokenizer.json has no \"" + key + "\".");
        }
        return value;
    }

    private static TokenizerException wrong(String where, String expected, @Nullable Object found) {
        String what = found == null
                ? "nothing (missing or null)"
                : switch (found) {
                    case String text ->
                        "the string \"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "\"";
                    case JsonArray array -> "an array of " + array.size();
                    case JsonObject object -> "an object of " + object.size() + " keys";
                    // Not any object's text: that would bring the text of every class into the browser.
                    case Number number -> number.toString();
                    default -> Boolean.TRUE.equals(found) ? "true" : "false";
                };
        return new TokenizerException(
                "\"" + where + "\" in tokenizer.json is " + what + "; " + expected + " is expected.");
    }
}
