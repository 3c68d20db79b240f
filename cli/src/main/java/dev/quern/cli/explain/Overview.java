package dev.quern.cli.explain;

import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Table;
import dev.quern.cli.terminal.Visible;
import dev.quern.codegen.Selection;
import dev.quern.compiler.CompiledModel;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Statement;
import dev.quern.ir.Weight;
import dev.quern.passes.PassReport;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Tells of a whole model: the steps, what the passes did and left and why, which kernels were chosen and why, where the
 * bytes lie.
 *
 * @param history of the model
 */
public record Overview(History history) {

    /** For people; what is alike in all layers takes one line. */
    public String text() {
        StringBuilder text = new StringBuilder();
        CompiledModel model = history.model();
        text.append(Visible.line(model.facts().name()))
                .append(", profile ")
                .append(model.plan().profile().name())
                .append(", context ")
                .append(model.facts().contextLength())
                .append(". A star stands for the number of a layer.\n");
        for (Function function : model.selection().module().functions()) {
            steps(text, function);
        }
        passes(text);
        kernels(text);
        weights(text);
        memory(text);
        return text.toString();
    }

    /** One row of the table of steps. */
    private record Row(String value, String operation, String kernel, String grid, long weightBytes) {}

    private List<Row> rows(Function lowered) {
        CompiledModel model = history.model();
        List<Row> rows = new ArrayList<>();
        for (Statement statement : lowered.body()) {
            Dispatch dispatch = Places.dispatch(statement);
            rows.add(new Row(
                    statement.results().getFirst().toString(),
                    Places.operation(dispatch.computes()),
                    model.selection().kernel(dispatch).name(),
                    Places.grid(dispatch),
                    Places.weightBytes(model.plan(), dispatch)));
        }
        return rows;
    }

    private void steps(StringBuilder text, Function function) {
        SequencedMap<Row, Integer> alike = new LinkedHashMap<>();
        List<Row> rows = rows(function);
        long bytes = 0;
        for (Row row : rows) {
            bytes += row.weightBytes();
            alike.merge(
                    new Row(
                            Naming.withoutLayers(row.value()),
                            row.operation(),
                            row.kernel(),
                            row.grid(),
                            row.weightBytes()),
                    1,
                    Integer::sum);
        }
        Table table = new Table("TIMES", "VALUE", "OPERATION", "KERNEL", "GRID", "WEIGHT BYTES");
        alike.forEach((row, count) ->
                table.row(count, row.value(), row.operation(), row.kernel(), row.grid(), row.weightBytes()));
        text.append("\n@")
                .append(Visible.line(function.name()))
                .append(": ")
                .append(rows.size())
                .append(rows.size() == 1 ? " step" : " steps")
                .append(", ")
                .append(Sizes.bytes(bytes))
                .append(" of weights\n")
                .append(table);
    }

    private void passes(StringBuilder text) {
        text.append("\nPasses\n");
        int number = 0;
        for (History.Stage stage : history.stages()) {
            number++;
            text.append("  ").append(number).append(' ').append(stage.pass());
            if (stage.notes().isEmpty()) {
                text.append(": nothing to do\n");
                continue;
            }
            text.append('\n');
            SequencedMap<String, Integer> alike = new LinkedHashMap<>();
            for (PassReport.Note note : stage.notes()) {
                alike.merge(
                        (note.done() ? "done" : "left") + "  "
                                + Naming.withoutLayers(note.where() + ": " + note.sentence()),
                        1,
                        Integer::sum);
            }
            alike.forEach((line, count) -> text.append("    ")
                    .append(Visible.line(line))
                    .append(count == 1 ? "" : " (" + count + " times)")
                    .append('\n'));
        }
    }

    private void kernels(StringBuilder text) {
        text.append("\nKernels\n");
        SequencedMap<String, SequencedMap<String, Integer>> reasons = new LinkedHashMap<>();
        SequencedMap<String, Integer> uses = new LinkedHashMap<>();
        for (Selection.Choice choice : history.model().selection().choices()) {
            uses.merge(choice.kernel(), 1, Integer::sum);
            SequencedMap<String, Integer> own =
                    reasons.computeIfAbsent(choice.kernel(), kernel -> new LinkedHashMap<>());
            choice.reasons().forEach(reason -> own.merge(Naming.withoutLayers(reason), 1, Integer::sum));
        }
        uses.forEach((kernel, count) -> {
            text.append("  @")
                    .append(Visible.line(kernel))
                    .append(count == 1 ? ", once" : ", " + count + " times")
                    .append('\n');
            reasons.getOrDefault(kernel, new LinkedHashMap<>())
                    .keySet()
                    .forEach(reason ->
                            text.append("    ").append(Visible.line(reason)).append('\n'));
        });
    }

    private void weights(StringBuilder text) {
        text.append("\nWeights\n");
        SequencedMap<String, Integer> alike = new LinkedHashMap<>();
        CompiledModel model = history.model();
        for (WeightSpec spec : model.plan().weights()) {
            Weight weight = model.selection().module().weight(spec.name()).orElseThrow();
            alike.merge(
                    "  @" + Naming.withoutLayers(spec.name()) + ", " + weight.type() + ", "
                            + Sizes.bytes(spec.bytes()) + ". "
                            + model.selection().storageReasons().getOrDefault(spec.name(), ""),
                    1,
                    Integer::sum);
        }
        alike.forEach((line, count) -> text.append(Visible.line(line))
                .append(count == 1 ? "" : " (" + count + " times)")
                .append('\n'));
    }

    private void memory(StringBuilder text) {
        text.append("\nMemory\n");
        Table table = new Table("WHAT", "BYTES", "");
        memorySums().forEach((what, bytes) -> table.row(what, bytes, Sizes.bytes(bytes)));
        table.toString()
                .lines()
                .skip(1)
                .forEach(line -> text.append("  ").append(line).append('\n'));
    }

    private SequencedMap<String, Long> memorySums() {
        SequencedMap<String, Long> sums = new LinkedHashMap<>();
        CompiledModel model = history.model();
        for (WeightSpec weight : model.plan().weights()) {
            sums.merge(
                    "weights in "
                            + switch (weight.placement()) {
                                case BUFFER -> "buffers";
                                case TEXTURE, SAMPLED_TEXTURE -> "textures";
                            },
                    weight.bytes(),
                    Long::sum);
        }
        for (BufferSpec.Role role : BufferSpec.Role.values()) {
            long bytes = model.plan().buffers().stream()
                    .filter(buffer -> buffer.role() == role)
                    .mapToLong(BufferSpec::bytes)
                    .sum();
            sums.put(
                    switch (role) {
                        case ARENA -> "arena, activations";
                        case STATE -> "states, keys and values";
                        case TOKENS, POSITION, LOGITS, RING -> role.text();
                    },
                    bytes);
        }
        sums.put("states for each position", stateBytes(false));
        long rings = stateBytes(true);
        if (rings > 0) {
            sums.put("states of the last positions, in layers with a window", rings);
        }
        sums.put("arena's lower bound", model.plan().memory().lowerBoundBytes());
        return sums;
    }

    /** Bytes of states by what they hold: of all positions a row's, of the last ones whole. */
    private long stateBytes(boolean rings) {
        List<BufferSpec> buffers = history.model().plan().buffers();
        long positions = buffers.stream().mapToLong(BufferSpec::positions).max().orElse(0);
        return buffers.stream()
                .filter(buffer -> buffer.rows().isPresent() && buffer.positions() < positions == rings)
                .mapToLong(buffer ->
                        rings ? buffer.bytes() : buffer.rows().orElseThrow().bytes())
                .sum();
    }

    /** For programs: every step, note, kernel and weight by itself. */
    public Map<String, Object> json() {
        CompiledModel model = history.model();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", model.facts().name());
        fields.put("profile", model.plan().profile().name());
        fields.put("context_length", model.facts().contextLength());
        Map<String, Object> functions = new LinkedHashMap<>();
        for (Function function : model.selection().module().functions()) {
            functions.put(
                    function.name(), rows(function).stream().map(Overview::json).toList());
        }
        fields.put("functions", functions);
        List<Object> passes = new ArrayList<>();
        for (History.Stage stage : history.stages()) {
            passes.add(fields(
                    "pass",
                    stage.pass(),
                    "notes",
                    stage.notes().stream().map(Overview::json).toList()));
        }
        fields.put("passes", passes);
        fields.put(
                "kernels",
                model.selection().choices().stream().map(Overview::json).toList());
        List<Object> weights = new ArrayList<>();
        for (WeightSpec spec : model.plan().weights()) {
            weights.add(fields(
                    "name",
                    spec.name(),
                    "type",
                    model.selection()
                            .module()
                            .weight(spec.name())
                            .orElseThrow()
                            .type()
                            .toString(),
                    "bytes",
                    spec.bytes(),
                    "layout",
                    spec.layout(),
                    "why",
                    model.selection().storageReasons().getOrDefault(spec.name(), "")));
        }
        fields.put("weights", weights);
        fields.put("memory", memorySums());
        return fields;
    }

    private static Object json(Row row) {
        return fields(
                "value", row.value(),
                "operation", row.operation(),
                "kernel", row.kernel(),
                "grid", row.grid(),
                "weight_bytes", row.weightBytes());
    }

    private static Object json(PassReport.Note note) {
        return fields("done", note.done(), "where", note.where(), "sentence", note.sentence());
    }

    private static Object json(Selection.Choice choice) {
        return fields(
                "function", choice.function(),
                "value", choice.value(),
                "kernel", choice.kernel(),
                "reasons", choice.reasons());
    }

    /** Names and values in turn. */
    private static Map<String, Object> fields(Object... entries) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int index = 0; index < entries.length; index += 2) {
            fields.put(entries[index].toString(), entries[index + 1]);
        }
        return fields;
    }
}
