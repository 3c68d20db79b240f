package dev.quern.cli.inspect;

import dev.quern.cli.terminal.Counted;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Table;
import dev.quern.cli.terminal.Visible;
import dev.quern.compiler.ModelNames;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A model file's container. */
public final class GgufView {
    private GgufView() {}

    /** Version, size, and how much of which encoding. */
    public static View facts(GgufFile file, ModelNames names) {
        Map<String, Long> byEncoding = new TreeMap<>();
        long elements = 0;
        for (GgufTensor tensor : file.tensors()) {
            byEncoding.merge(encoding(tensor), tensor.bytes(), Long::sum);
            elements += tensor.elements();
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", names.title(file.metadata()));
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
                Counted.of(file.tensors().size(), "tensor") + ", " + Sizes.decimal(elements / 1e6)
                        + " million parameters");
        byEncoding.forEach((encoding, bytes) -> line(text, "", encoding + " " + Sizes.bytes(bytes)));
        file.warnings().forEach(warning -> line(text, "warning", warning.toString()));
        return new View("model", text.toString(), fields);
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

    private static void line(StringBuilder text, String name, String value) {
        text.append(name)
                .append(" ".repeat(Math.max(1, 9 - name.length())))
                .append(Visible.line(value))
                .append('\n');
    }
}
