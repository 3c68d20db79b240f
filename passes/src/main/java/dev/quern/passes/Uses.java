package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Op;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where each value of a function is defined and used. */
final class Uses {
    private final Function function;
    private final Map<Value, Integer> definitions = new HashMap<>();
    private final Map<Value, List<Integer>> users = new HashMap<>();

    Uses(Function function) {
        this.function = function;
        for (int index = 0; index < function.body().size(); index++) {
            Statement statement = function.body().get(index);
            for (Value operand : statement.op().operands()) {
                users.computeIfAbsent(operand, v -> new ArrayList<>()).add(index);
            }
            for (Value result : statement.results()) {
                definitions.put(result, index);
            }
        }
        for (Value result : function.results()) {
            users.computeIfAbsent(result, v -> new ArrayList<>())
                    .add(function.body().size());
        }
    }

    /**
     * The statements that use the value, one entry a use; a use as a result of the function counts as the statement
     * after the last.
     */
    List<Integer> of(Value value) {
        return users.getOrDefault(value, List.of());
    }

    /** Whether exactly one operand, or one result of the function, is the value. */
    boolean once(Value value) {
        return of(value).size() == 1;
    }

    /** The index of the statement that defines the value; -1 for parameters and weights. */
    int definition(Value value) {
        return definitions.getOrDefault(value, -1);
    }

    /** The operation that gives the value, where it is of this kind and has one result. */
    <T extends Op> Optional<T> made(Value value, Class<T> kind) {
        int index = definition(value);
        if (index < 0 || function.body().get(index).results().size() != 1) {
            return Optional.empty();
        }
        Op op = function.body().get(index).op();
        return op.getClass() == kind ? Optional.of(kind.cast(op)) : Optional.empty();
    }
}
