package dev.quern.ir;

import java.util.List;

/**
 * One line of a function: {@code %y = op %a, %b : type}.
 *
 * @param results the values that the operation defines, in order
 * @param op what is computed
 */
public record Statement(List<Value> results, Op op) {
    public Statement {
        results = List.copyOf(results);
    }

    /** The only result. */
    public Value result() {
        if (results.size() != 1) {
            throw new IllegalStateException("this statement has " + results.size() + " results");
        }
        return results.getFirst();
    }
}
