package dev.quern.cli.inspect;

import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Table;
import dev.quern.cli.terminal.Visible;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A model file's container. */
public final class GgufView {
    /** Longer lists and texts are shortened; they are for programs that read the file themselves. */
    private static final int LONGEST_TEXT = 100;

    private static final int MOST_ITEMS = 8;

    private GgufView() {}

    /** Version, size, and how much of which encoding. */
    public static View facts(GgufFile file) {
        Map<String, Long> byEncoding = new TreeMap<>();
        long elements = 0;
        for (GgufTensor tensor : file.tensors()) {
            byEncoding.merge(encoding(tensor), tensor.bytes(), Long::sum);
            elements += tensor.elements();
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", file.metadata().findString("general.name").orElse(""));
        fields.put(
                "architecture",
                file.metadata().findString("general.architecture").orElse(""));
        fields.put("version", file.version());
        fields.put("bytes", file.source().size());
        fields.put("parameters", elements);
        fields.put("tensors", file.tensors().size());
        fields.put("bytes_by_encoding", new LinkedHashMap<>(byEncoding));
        fields.put("warnings", file.warnings().stream().map(Object::toString).toList());
        StringBuilder text = new StringBuilder();
        line(text, "model", fields.get("name") + ", architecture " + fields.get("architecture"));
        line(
                text,
                "file",
                "GGUF version " + file.version() + ", "
                        + Sizes.bytes(file.source().size()));
        line(
                text,
                "weights",
                file.tensors().size() + " tensors, " + Sizes.decimal(elements / 1e6) + " million parameters");
        byEncoding.forEach((encoding, bytes) -> line(text, "", encoding + " " + Sizes.bytes(bytes)));
        file.warnings().forEach(warning -> line(text, "warning", warning.toString()));
        return new View("model", text.toString(), fields);
    }

    /** Every key with its value, long ones shortened. */
    public static View metadata(GgufFile file) {
        Map<String, Object> fields = new LinkedHashMap<>();
        var table = new Table("KEY", "TYPE", "VALUE");
        for (GgufMetadata.Entry entry : file.metadata().entries()) {
            Object value = json(entry.value());
            fields.put(entry.key(), value);
            table.row(
                    entry.key(),
                    entry.value().type().toString().toLowerCase(Locale.ROOT),
                    shorten(text(entry.value(), value)));
        }
        return new View("metadata", table.toString(), fields);
    }

    /** Every tensor. */
    public static View tensors(GgufFile file) {
        List<Object> list = new ArrayList<>();
        var table = new Table("TENSOR", "ENCODING", "SHAPE", "OFFSET", "BYTES");
        for (GgufTensor tensor : file.tensors()) {
            table.row(tensor.name(), encoding(tensor), tensor.shape(), tensor.offset(), tensor.bytes());
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", tensor.name());
            fields.put("encoding", encoding(tensor));
            fields.put("extents", tensor.extents());
            fields.put("offset", tensor.offset());
            fields.put("bytes", tensor.bytes());
            list.add(fields);
        }
        return new View("tensors", table.toString(), list);
    }

    private static String encoding(GgufTensor tensor) {
        return tensor.type().toString().toLowerCase(Locale.ROOT);
    }

    private static Object json(GgufValue value) {
        return switch (value) {
            case GgufValue.IntegerValue integer -> integer.value();
            case GgufValue.FloatValue real ->
                Double.isFinite(real.value()) ? real.value() : Double.toString(real.value());
            case GgufValue.BooleanValue flag -> flag.value();
            case GgufValue.StringValue string -> string.value().toString();
            case GgufValue.StringArray array -> {
                List<Object> items = new ArrayList<>();
                for (int index = 0; index < Math.min(MOST_ITEMS, array.length()); index++) {
                    items.add(array.textAt(index));
                }
                yield shortened(array.length(), items);
            }
            case GgufValue.NumberArray array -> {
                List<Object> items = new ArrayList<>();
                for (int index = 0; index < Math.min(MOST_ITEMS, array.length()); index++) {
                    items.add(number(array, index));
                }
                yield shortened(array.length(), items);
            }
            default -> value.describe();
        };
    }

    private static Object number(GgufValue.NumberArray array, int index) {
        return switch (array.elementType()) {
            case F32, F64 -> Double.toString(array.floatAt(index));
            case BOOL -> array.integerAt(index) != 0;
            default -> array.integerAt(index);
        };
    }

    private static Map<String, Object> shortened(int length, List<Object> first) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("length", length);
        fields.put(first.size() == length ? "items" : "first", first);
        return fields;
    }

    private static String text(GgufValue value, Object json) {
        return json instanceof Map<?, ?> ? value.describe() : json.toString();
    }

    private static String shorten(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return text.substring(0, end) + " … (" + text.length() + " characters)";
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name)
                .append(" ".repeat(Math.max(1, 9 - name.length())))
                .append(Visible.line(value))
                .append('\n');
    }
}
