package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What expressions evaluate to: the types of Python that templates see. Only {@link Namespace}s change; a
 * {@link Generator} is used up.
 */
sealed interface Value {
    static Value of(boolean value) {
        return value ? Values.TRUE : Values.FALSE;
    }

    static Value of(long value) {
        return new Int(value);
    }

    /** A string that the template wrote. */
    static Value of(String text) {
        return of(MarkedText.written(text));
    }

    static Value of(MarkedText text) {
        return new Text(text, false);
    }

    static ListValue list(List<Value> items) {
        return new ListValue(items);
    }

    static Tuple tuple(Value... items) {
        return new Tuple(List.of(items));
    }

    /** The type in words, for messages. */
    default String type() {
        return switch (this) {
            case Nothing ignored -> "None";
            case Bool ignored -> "a boolean";
            case Int ignored -> "an integer";
            case Real ignored -> "a float";
            case Text ignored -> "a string";
            case ListValue ignored -> "a list";
            case Tuple ignored -> "a tuple";
            case Dict ignored -> "a dict";
            case View view -> view.name();
            case Range ignored -> "a range";
            case Generator ignored -> "a generator";
            case Namespace ignored -> "a namespace";
            case Undefined ignored -> "undefined";
            case Function ignored -> "a function";
            case Loop ignored -> "the loop";
        };
    }

    /**
     * {@code none}, and what a request may give and did not: the same to templates, but that a loop over it has no
     * turns.
     */
    enum Nothing implements Value {
        NONE,
        NOT_GIVEN
    }

    record Bool(boolean value) implements Value {}

    record Int(long value) implements Value {}

    record Real(double value) implements Value {}

    /**
     * A string with its marks, which no operation looks at; {@code markup} after the filters {@code safe} and
     * {@code escape}: adding to it escapes what is added.
     */
    record Text(MarkedText marked, boolean markup) implements Value {
        String text() {
            return marked.text();
        }
    }

    record ListValue(List<Value> items) implements Value {}

    /** A tuple; that of a group has names too, by which templates ask for its items. */
    record Tuple(List<Value> items, List<String> names) implements Value {
        Tuple(List<Value> items) {
            this(items, List.of());
        }
    }

    /** Keys, values or items of a dict. */
    record View(String name, List<Value> items) implements Value {}

    record Range(long start, long stop, long step) implements Value {
        int size() {
            return (int) Math.max(0, Math.ceil(((double) stop - start) / step));
        }

        Value at(int index) {
            return of(start + step * index);
        }
    }

    /** What a name or key that is not there gives; {@code message} says what is not there. */
    record Undefined(String message) implements Value {}

    /** Entries in the order in which they were made. Keys that are equal in Python are equal {@link Keys}. */
    final class Dict implements Value {
        private final Map<Object, Map.Entry<Value, Value>> entries = new LinkedHashMap<>();

        /** Which part of the request it is, such as {@code messages[1]}; empty for any other. */
        private final String origin;

        Dict() {
            this("");
        }

        Dict(String origin) {
            this.origin = origin;
        }

        String origin() {
            return origin;
        }

        void put(Object key, Value name, Value value) {
            Map.Entry<Value, Value> old = entries.get(key);
            entries.put(key, Map.entry(old == null ? name : old.getKey(), value));
        }

        void put(String name, Value value) {
            put(name, of(name), value);
        }

        void putAll(Dict other) {
            other.entries.forEach((key, entry) -> put(key, entry.getKey(), entry.getValue()));
        }

        @Nullable
        Value get(Object key) {
            return valueOf(entries.get(key));
        }

        @Nullable
        Value remove(Object key) {
            return valueOf(entries.remove(key));
        }

        private static @Nullable Value valueOf(Map.@Nullable Entry<Value, Value> entry) {
            return entry == null ? null : entry.getValue();
        }

        Map<Object, Map.Entry<Value, Value>> entries() {
            return entries;
        }

        int size() {
            return entries.size();
        }

        List<Value> keys() {
            List<Value> keys = new ArrayList<>(entries.size());
            for (Map.Entry<Value, Value> entry : entries.values()) {
                keys.add(entry.getKey());
            }
            return keys;
        }

        List<Value> values() {
            List<Value> values = new ArrayList<>(entries.size());
            for (Map.Entry<Value, Value> entry : entries.values()) {
                values.add(entry.getValue());
            }
            return values;
        }

        List<Value> items() {
            List<Value> items = new ArrayList<>(entries.size());
            for (Map.Entry<Value, Value> entry : entries.values()) {
                items.add(tuple(entry.getKey(), entry.getValue()));
            }
            return items;
        }
    }

    /** Gives its items once. */
    final class Generator implements Value {
        private final Iterator<Value> items;

        Generator(Iterator<Value> items) {
            this.items = items;
        }

        Iterator<Value> items() {
            return items;
        }
    }

    /** What {@code namespace()} makes: its attributes can be set from inner scopes. */
    final class Namespace implements Value {
        private final Dict attributes = new Dict();

        Dict attributes() {
            return attributes;
        }
    }

    /** A macro, a global function or a method of a value. */
    final class Function implements Value {
        private final String name;
        private final Body body;

        Function(String name, Body body) {
            this.name = name;
            this.body = body;
        }

        String name() {
            return name;
        }

        Value call(Arguments arguments) {
            return body.call(arguments);
        }

        /** What a function does. */
        interface Body {
            Value call(Arguments arguments);
        }
    }

    /** What {@code loop} is within a for loop. */
    non-sealed interface Loop extends Value {
        @Nullable
        Value attribute(String name);

        Value call(Arguments arguments);

        int length();
    }
}
