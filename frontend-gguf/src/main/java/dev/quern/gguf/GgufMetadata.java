package dev.quern.gguf;

import dev.quern.gguf.GgufValue.BooleanValue;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufValue.StringValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The metadata of a file, in its order, with typed access. {@code find…} is empty where the key is missing; {@code
 * require…} refuses the file then. Both refuse a value of the wrong type, naming key, found and expected.
 */
public final class GgufMetadata {
    private final Map<String, Entry> entries;

    /** @param entries in the order of the file; nobody changes them afterwards */
    GgufMetadata(Map<String, Entry> entries) {
        this.entries = Collections.unmodifiableMap(entries);
    }

    /**
     * A key with its value.
     *
     * @param offset where the key stands in the file
     */
    public record Entry(String key, GgufValue value, long offset) {
        /** The place for messages. */
        public String where() {
            return "offset " + offset + ", key " + Quote.of(key);
        }
    }

    /** All entries in the order of the file. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** Whether the key is there. */
    public boolean contains(String key) {
        return entries.containsKey(key);
    }

    /** The entry of a key. */
    public Optional<Entry> entry(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** The value of a key. */
    public Optional<GgufValue> find(String key) {
        return entry(key).map(Entry::value);
    }

    /** The place of a key for messages; the key alone where it is missing. */
    public String where(String key) {
        return entry(key).map(Entry::where).orElse("key " + Quote.of(key));
    }

    /** An integer of any width. */
    public OptionalLong findInteger(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return OptionalLong.empty();
        }
        if (!(entry.value() instanceof IntegerValue number)) {
            throw wrongType(entry, "an integer");
        }
        if (number.type() == ValueType.U64 && number.value() < 0) {
            throw new GgufException(entry.where(), "The value is " + number.describe() + ", which is 2^63 or more.");
        }
        return OptionalLong.of(number.value());
    }

    /** An integer that must be there. */
    public long requireInteger(String key) {
        OptionalLong value = findInteger(key);
        if (value.isEmpty()) {
            throw missing(key, "an integer");
        }
        return value.getAsLong();
    }

    /** A number; an f32 is widened, and an integer stands for the same number. */
    public OptionalDouble findFloat(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return OptionalDouble.empty();
        }
        if (entry.value() instanceof IntegerValue number) {
            return OptionalDouble.of(number.toDouble());
        }
        if (!(entry.value() instanceof FloatValue number)) {
            throw wrongType(entry, "a number");
        }
        return OptionalDouble.of(number.value());
    }

    /** A floating-point number that must be there. */
    public double requireFloat(String key) {
        OptionalDouble value = findFloat(key);
        if (value.isEmpty()) {
            throw missing(key, "a floating-point number");
        }
        return value.getAsDouble();
    }

    /** A truth value. */
    public Optional<Boolean> findBoolean(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (!(entry.value() instanceof BooleanValue bool)) {
            throw wrongType(entry, "a bool");
        }
        return Optional.of(bool.value());
    }

    /** A string as text. */
    public Optional<String> findString(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (!(entry.value() instanceof StringValue string)) {
            throw wrongType(entry, "a string");
        }
        return Optional.of(string.value().text());
    }

    /** A string that must be there. */
    public String requireString(String key) {
        return findString(key).orElseThrow(() -> missing(key, "a string"));
    }

    /** An array of strings. */
    public Optional<StringArray> findStrings(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (!(entry.value() instanceof StringArray strings)) {
            throw wrongType(entry, "an array of strings");
        }
        return Optional.of(strings);
    }

    /** An array of integers. */
    public Optional<NumberArray> findIntegers(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (!(entry.value() instanceof NumberArray numbers)
                || !numbers.elementType().isInteger()) {
            throw wrongType(entry, "an array of integers");
        }
        return Optional.of(numbers);
    }

    /** An array of numbers, integers or floating-point ones. */
    public Optional<NumberArray> findNumbers(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (!(entry.value() instanceof NumberArray numbers) || numbers.elementType() == ValueType.BOOL) {
            throw wrongType(entry, "an array of numbers");
        }
        return Optional.of(numbers);
    }

    /** The refusal of a value whose type is wrong. */
    public static GgufException wrongType(Entry entry, String expected) {
        return new GgufException(
                entry.where(),
                "The value must be " + expected + ", but is " + entry.value().describe() + ".");
    }

    /** The refusal of a file that lacks a key. */
    public static GgufException missing(String key, String expected) {
        return new GgufException(
                "key " + Quote.of(key), "The key is missing; it must be there and be " + expected + ".");
    }
}
