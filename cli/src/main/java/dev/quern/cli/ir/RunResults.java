package dev.quern.cli.ir;

import dev.quern.cli.terminal.Table;
import dev.quern.ir.Function;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import dev.quern.ir.text.Syntax;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the interpreter computed of a function, and on the way there, as tables and as JSON. */
public final class RunResults {
    private final Function function;
    private final List<Traced> traced = new ArrayList<>();
    private Map<String, Tensor> results = Map.of();

    private record Traced(String operation, TensorSummary summary) {}

    /** Of a function that is to be run. */
    public RunResults(Function function) {
        this.function = function;
    }

    /** Notes the results of a statement. */
    public void done(Statement statement, List<Tensor> values) {
        for (int index = 0; index < values.size(); index++) {
            Value result = statement.results().get(index);
            traced.add(new Traced(Syntax.name(statement.op()), TensorSummary.of(result, values.get(index))));
        }
    }

    /** Notes the results of the function, by name. */
    public void finish(Map<String, Tensor> all) {
        results = Map.copyOf(all);
    }

    /** A line for each result, with a line for each statement before if that is asked for. */
    public String table(boolean trace) {
        StringBuilder text = new StringBuilder();
        if (trace) {
            Table table = new Table("VALUE", "OPERATION", "TYPE", "SHAPE", "MIN", "MAX", "MEAN", "RMS", "FIRST");
            for (Traced line : traced) {
                List<String> cells = new ArrayList<>(line.summary().cells());
                cells.add(1, line.operation());
                table.row(cells.toArray());
            }
            text.append(table).append('\n');
        }
        Table table = new Table("RESULT", "TYPE", "SHAPE", "MIN", "MAX", "MEAN", "RMS", "FIRST");
        for (Value result : function.results()) {
            table.row(TensorSummary.of(result, tensor(result)).cells().toArray());
        }
        return text.append(table).toString();
    }

    /** Every number of the results, and the statements if they are asked for. */
    public Map<String, Object> json(boolean trace) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("function", function.name());
        List<Object> printed = new ArrayList<>();
        for (Value value : function.results()) {
            Map<String, Object> fields = TensorSummary.of(value, tensor(value)).json();
            fields.put(
                    "numbers",
                    TensorSummary.numbers(tensor(value)).stream()
                            .map(TensorSummary::jsonNumber)
                            .toList());
            printed.add(fields);
        }
        object.put("results", printed);
        if (trace) {
            List<Object> lines = new ArrayList<>();
            for (Traced line : traced) {
                Map<String, Object> fields = line.summary().json();
                fields.put("operation", line.operation());
                lines.add(fields);
            }
            object.put("trace", lines);
        }
        return object;
    }

    private Tensor tensor(Value value) {
        Tensor tensor = results.get(value.name());
        if (tensor == null) {
            throw new IllegalStateException("the interpreter gave nothing for " + value);
        }
        return tensor;
    }
}
