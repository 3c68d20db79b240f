package dev.quern.ir;

import java.util.List;

/**
 * An entry point: parameters, statements in order, results.
 *
 * @param name printed {@code @name}
 * @param parameters values that the caller gives, states among them
 * @param body statements, each value defined before its first use and once
 * @param results values given back
 */
public record Function(String name, List<Value> parameters, List<Statement> body, List<Value> results) {
    public Function {
        parameters = List.copyOf(parameters);
        body = List.copyOf(body);
        results = List.copyOf(results);
    }

    /** The same function with another body and other results. */
    public Function with(List<Statement> newBody, List<Value> newResults) {
        return new Function(name, parameters, newBody, newResults);
    }
}
