package dev.quern.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a {@link Function} statement by statement: infers the types and gives every value a name of its own,
 * {@code hint}, {@code hint.1}, {@code hint.2} … in order.
 */
public final class FunctionBuilder {
    private final String name;
    private final List<Value> parameters = new ArrayList<>();
    private final List<Statement> body = new ArrayList<>();
    private final Map<String, Integer> used = new HashMap<>();

    public FunctionBuilder(String name) {
        this.name = name;
    }

    /** Declares a parameter. */
    public Value parameter(String hint, Type type) {
        Value value = Value.local(fresh(hint), type);
        parameters.add(value);
        return value;
    }

    /** Appends an operation with one result. */
    public Value add(String hint, Op op) {
        List<Value> results = addAll(List.of(hint), op);
        return results.getFirst();
    }

    /**
     * Appends an operation with as many results as hints.
     *
     * @throws TypeException if the operands do not fit together
     */
    public List<Value> addAll(List<String> hints, Op op) {
        List<Type> types = op.infer();
        if (types.size() != hints.size()) {
            throw new IllegalArgumentException("the operation has " + types.size() + " results, not " + hints.size()
                    + ": " + String.join(", ", hints));
        }
        List<Value> results = new ArrayList<>();
        for (int index = 0; index < hints.size(); index++) {
            results.add(Value.local(fresh(hints.get(index)), types.get(index)));
        }
        body.add(new Statement(results, op));
        return List.copyOf(results);
    }

    /** The function with these results. */
    public Function build(List<Value> results) {
        return new Function(name, parameters, body, results);
    }

    private String fresh(String hint) {
        int count = used.merge(hint, 1, Integer::sum);
        return count == 1 ? hint : fresh(hint + "." + (count - 1));
    }
}
