package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Op;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rebuilds a function, statement by statement: what replaces a value is used wherever the value was used later. */
final class Rewriter {
    private final Function function;
    private final List<Statement> body = new ArrayList<>();
    private final Map<Value, Value> replaced = new HashMap<>();
    private final Set<String> names = new HashSet<>();

    Rewriter(Function function) {
        this.function = function;
        function.parameters().forEach(parameter -> names.add(parameter.name()));
        function.body().forEach(statement -> statement.results().forEach(result -> names.add(result.name())));
    }

    /** The value that stands for this one now. */
    Value now(Value value) {
        return replaced.getOrDefault(value, value);
    }

    /** Appends a statement, on the values that stand for its operands now. */
    void add(Statement statement) {
        body.add(new Statement(statement.results(), statement.op().map(this::now)));
    }

    /** Appends an operation that defines the same values as before. */
    void add(List<Value> results, Op op) {
        add(new Statement(results, op));
    }

    /** Lets another value stand for one whose definition is not kept. */
    void replace(Value value, Value by) {
        replaced.put(value, now(by));
    }

    /** A name that no value of the function has: the hint, or the hint with a number. */
    String fresh(String hint) {
        String name = hint;
        for (int count = 1; !names.add(name); count++) {
            name = hint + "." + count;
        }
        return name;
    }

    Function build() {
        return function.with(body, function.results().stream().map(this::now).toList());
    }
}
