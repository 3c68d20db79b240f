package dev.quern.ir;

import java.util.List;
import java.util.Optional;

/**
 * One model: its symbols, its weights, then its functions.
 *
 * @param name the model's name, free text
 * @param stage which operations the functions may hold
 * @param profile the kind of device that kernels were chosen for, from the {@code dispatch} stage on
 * @param symbols in the order of declaration
 * @param weights in the order of declaration
 * @param functions the entry points
 */
public record Module(
        String name,
        Stage stage,
        Optional<String> profile,
        List<Dim.Symbol> symbols,
        List<Weight> weights,
        List<Function> functions) {
    public Module {
        symbols = List.copyOf(symbols);
        weights = List.copyOf(weights);
        functions = List.copyOf(functions);
    }

    /** A module for any kind of device. */
    public Module(String name, Stage stage, List<Dim.Symbol> symbols, List<Weight> weights, List<Function> functions) {
        this(name, stage, Optional.empty(), symbols, weights, functions);
    }

    public Optional<Weight> weight(String weightName) {
        return weights.stream().filter(w -> w.name().equals(weightName)).findFirst();
    }

    public Optional<Function> function(String functionName) {
        return functions.stream().filter(f -> f.name().equals(functionName)).findFirst();
    }

    /**
     * How many positions there are: the rows of the longest state, 0 if there is none. A state with fewer is a ring,
     * which holds the last ones.
     */
    public long positions() {
        return functions.stream()
                .flatMap(function -> function.parameters().stream())
                .filter(parameter -> parameter.type() instanceof StateType)
                .map(Value::state)
                // What has no rows is refused elsewhere.
                .filter(state -> !state.shape().isEmpty())
                .mapToLong(state -> state.rows().max())
                .max()
                .orElse(0);
    }

    /** The same module with other weights and functions. */
    public Module with(List<Weight> newWeights, List<Function> newFunctions) {
        return new Module(name, stage, profile, symbols, newWeights, newFunctions);
    }
}
