package dev.quern.cli.inspect;

import dev.quern.cli.terminal.Table;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.GgufString;
import dev.quern.gguf.GgufValue;
import dev.quern.gguf.ValueType;
import dev.quern.text.TokenText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** A model file's keys: for people on a line each, as JSON as they are. */
public final class MetadataView {
    /** What stands on a line. */
    private static final int LONGEST_TEXT = 100;

    /** Longer arrays are those of vocabularies, which nobody reads and few programs ask for. */
    private static final int LONGEST_ARRAY = 64;

    /** How much of them is shown, so that one sees what they hold. */
    private static final int BEGINNING = 8;

    private MetadataView() {}

    /**
     * Every key with its value, in the order of the file.
     *
     * @param full whether long arrays are whole in JSON too
     * @return the fields {@code metadata}, by key, and {@code left_out}: how many elements of which array are not there
     */
    public static List<View> of(GgufFile file, boolean full) {
        Map<String, Object> fields = new LinkedHashMap<>();
        Map<String, Object> leftOut = new LinkedHashMap<>();
        var table = new Table("KEY", "TYPE", "VALUE");
        boolean cut = false;
        for (GgufMetadata.Entry entry : file.metadata().entries()) {
            GgufValue value = entry.value();
            int length = length(value);
            int shown = full || length <= LONGEST_ARRAY ? length : BEGINNING;
            if (shown < length) {
                leftOut.put(entry.key(), length - shown);
            }
            fields.put(entry.key(), json(value, shown));
            String text = text(value);
            cut |= text.length() > LONGEST_TEXT || (length > 0 && value.type() == ValueType.ARRAY);
            table.row(entry.key(), value.type().toString().toLowerCase(Locale.ROOT), shorten(text));
        }
        String remark = cut ? "\nWith --json each value is whole, and with --full beside it each array.\n" : "";
        return List.of(new View("metadata", table + remark, fields), new View("left_out", "", leftOut));
    }

    private static int length(GgufValue value) {
        return switch (value) {
            case GgufValue.StringArray array -> array.length();
            case GgufValue.NumberArray array -> array.length();
            case GgufValue.IntegerValue _, GgufValue.FloatValue _, GgufValue.BooleanValue _, GgufValue.StringValue _ ->
                0;
        };
    }

    private static Object json(GgufValue value, int elements) {
        return switch (value) {
            case GgufValue.IntegerValue integer -> integer(integer.type(), integer.value());
            case GgufValue.FloatValue real -> real(real.type(), real.value());
            case GgufValue.BooleanValue flag -> flag.value();
            case GgufValue.StringValue string -> string(string.value());
            case GgufValue.StringArray array -> list(elements, index -> string(array.at(index)));
            case GgufValue.NumberArray array -> list(elements, index -> element(array, index));
        };
    }

    private static List<Object> list(int elements, IntFunction<Object> element) {
        List<Object> list = new ArrayList<>(elements);
        for (int index = 0; index < elements; index++) {
            list.add(element.apply(index));
        }
        return list;
    }

    private static Object element(GgufValue.NumberArray array, int index) {
        ValueType type = array.elementType();
        return switch (type) {
            case F32, F64 -> real(type, array.floatAt(index));
            case BOOL -> array.integerAt(index) != 0;
            case U8, I8, U16, I16, U32, I32, U64, I64 -> integer(type, array.integerAt(index));
            case STRING, ARRAY -> throw new IllegalStateException("an array of numbers has no " + type);
        };
    }

    /** A byte that belongs to no character is a lone surrogate, as {@link TokenText} says. */
    private static String string(GgufString string) {
        return TokenText.decode(string.bytes());
    }

    /** JSON has no number beyond what a double holds exactly that every reader takes; u64 may be one. */
    private static Object integer(ValueType type, long value) {
        return type == ValueType.U64 && value < 0 ? Long.toUnsignedString(value) : (Object) value;
    }

    /** The shortest number that is this one in its own type; what JSON has no number for is a text. */
    private static Object real(ValueType type, double value) {
        String shortest = type == ValueType.F32 ? Float.toString((float) value) : Double.toString(value);
        return Double.isFinite(value) ? (Object) Double.valueOf(shortest) : shortest;
    }

    private static String text(GgufValue value) {
        return switch (value) {
            case GgufValue.StringArray _, GgufValue.NumberArray _ -> value.describe();
            case GgufValue.IntegerValue _, GgufValue.FloatValue _, GgufValue.BooleanValue _, GgufValue.StringValue _ ->
                json(value, 0).toString();
        };
    }

    private static String shorten(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return text.substring(0, end) + " … (" + text.length() + " characters)";
    }
}
