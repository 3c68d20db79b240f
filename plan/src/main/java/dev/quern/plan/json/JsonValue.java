package dev.quern.plan.json;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.quern.plan.BundleException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value in a JSON document, which knows its path, so that an error can say where. Every method throws
 * {@link BundleException}.
 */
public final class JsonValue {
    private final String path;
    private final @Nullable Object value;

    private JsonValue(String path, @Nullable Object value) {
        this.path = path;
        this.value = value;
    }

    /**
     * Reads a document whose outermost value is an object.
     *
     * @param document its name in errors
     */
    public static JsonValue parse(String document, String text) {
        try {
            return new JsonValue(document, JsonParser.object().from(text));
        } catch (JsonParserException e) {
            throw new BundleException(document + ": not a JSON object: " + e.getMessage());
        }
    }

    /** Where this value stands: {@code plan-portable.json: kernels[3].name}. */
    public String path() {
        return path;
    }

    /** The field of that name, which must be there. */
    public JsonValue field(String name) {
        var fields = object();
        if (!fields.containsKey(name)) {
            throw new BundleException(path + ": the field \"" + name + "\" is missing");
        }
        return new JsonValue(child(name), fields.get(name));
    }

    /** Whether the object has a field of that name. */
    public boolean has(String name) {
        return object().containsKey(name);
    }

    /** The items of a list. */
    public List<JsonValue> list() {
        if (!(value instanceof List<?> items)) {
            throw expected("a list");
        }
        var values = new ArrayList<JsonValue>(items.size());
        for (int i = 0; i < items.size(); i++) {
            values.add(new JsonValue(path + "[" + i + "]", items.get(i)));
        }
        return values;
    }

    /** The items of a list of known length. */
    public List<JsonValue> list(int length) {
        var items = list();
        if (items.size() != length) {
            throw new BundleException(path + ": expected " + length + " items, found " + items.size());
        }
        return items;
    }

    /** The items of a list, each read by a function. */
    public <T> List<T> list(Function<JsonValue, T> reader) {
        return list().stream().map(reader).toList();
    }

    /** A string. */
    public String text() {
        if (value instanceof String text) {
            return text;
        }
        throw expected("a string");
    }

    /** A whole number from {@code min} to {@code max}. */
    public long whole(long min, long max) {
        long number = switch (value) {
            case Integer i -> i;
            case Long l -> l;
            case BigInteger big when big.bitLength() < Long.SIZE -> big.longValue();
            case null, default -> throw expected("a whole number");
        };
        if (number < min || number > max) {
            throw expected("a whole number from " + min + " to " + max);
        }
        return number;
    }

    /** A whole number from 0. */
    public long size() {
        return whole(0, Long.MAX_VALUE);
    }

    /** A whole number from 0 that an {@code int} holds. */
    public int count() {
        return (int) whole(0, Integer.MAX_VALUE);
    }

    /** A number, whole or not. */
    public double number() {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw expected("a number");
    }

    /** True or false. */
    public boolean flag() {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw expected("true or false");
    }

    /** Whether this is a number. */
    public boolean isNumber() {
        return value instanceof Number;
    }

    /** The value, of those given, that this string names. */
    public <T> T oneOf(List<T> values, Function<T, String> name) {
        String text = text();
        for (var candidate : values) {
            if (name.apply(candidate).equals(text)) {
                return candidate;
            }
        }
        throw expected("one of " + String.join(", ", values.stream().map(name).toList()));
    }

    private Map<?, ?> object() {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw expected("an object");
    }

    /** An error that says what was expected here and what was found. */
    public BundleException expected(String expectation) {
        return new BundleException(path + ": expected " + expectation + ", found " + describe());
    }

    private String describe() {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map -> "an object";
            case List<?> list -> "a list";
            case String text -> text.length() <= 40 ? "\"" + text + "\"" : "\"" + text.substring(0, 40) + "…\"";
            // Not any object's text: that would bring the text of every class into the browser.
            case Number number -> number.toString();
            default -> Boolean.TRUE.equals(value) ? "true" : "false";
        };
    }

    private String child(String name) {
        return path + (path.endsWith(".json") ? ": " : ".") + name;
    }
}
