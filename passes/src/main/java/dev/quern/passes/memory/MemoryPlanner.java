package dev.quern.passes.memory;

import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Gives the values of a function places in one arena, at the bounds of all symbols.
 *
 * <p>A value lives from the statement that defines it to its last use; a parameter from the first statement, a result
 * to the last. Inputs and outputs of one statement live at the same time, so that a kernel never writes what it still
 * reads, unless it says so: an output in place of an input is the same buffer. States, weights and what the caller
 * calls external lie elsewhere, and so does what is written in place of them.
 */
public final class MemoryPlanner {
    /** The offset alignment that WebGPU asks of storage buffers where nothing smaller is known: 256 bytes. */
    public static final long DEFAULT_ALIGNMENT = 256;

    private final Function function;
    private final Predicate<Value> external;
    /** By value, the value whose memory it lies in: itself, or the one that it took over. */
    private final Map<Value, Value> roots = new LinkedHashMap<>();

    private final Map<Value, Life> lives = new LinkedHashMap<>();

    private MemoryPlanner(Function function, Predicate<Value> external) {
        this.function = function;
        this.external = external;
    }

    /**
     * Plans a function's memory. A module at the {@code tensor} stage can be planned too, for what it would need
     * without in-place writes.
     *
     * @param alignment of every offset in bytes
     * @param external says of a parameter or a result that its memory is the caller's
     */
    public static MemoryPlan plan(Function function, long alignment, Predicate<Value> external) {
        return new MemoryPlanner(function, external).plan(alignment);
    }

    /** What is known of one buffer so far. */
    private static final class Life {
        private final List<String> names = new ArrayList<>();
        private final int first;
        private int last;
        private long bytes;

        Life(int first) {
            this.first = first;
            this.last = first;
        }
    }

    private MemoryPlan plan(long alignment) {
        function.parameters().forEach(parameter -> define(parameter, parameter, 0));
        for (int index = 0; index < function.body().size(); index++) {
            Statement statement = function.body().get(index);
            for (Value operand : statement.op().operands()) {
                use(operand, index);
            }
            for (int result = 0; result < statement.results().size(); result++) {
                Value value = statement.results().get(result);
                define(value, takenOver(statement, result).orElse(value), index);
            }
        }
        int end = Math.max(0, function.body().size() - 1);
        function.results().forEach(result -> use(result, end));

        Map<Value, Buffer> buffers = new LinkedHashMap<>();
        lives.forEach((root, life) ->
                buffers.put(root, new Buffer(String.join(" = ", life.names), life.bytes, life.first, life.last)));
        List<Value> order = List.copyOf(buffers.keySet());
        Certificate certificate = Arena.place(List.copyOf(buffers.values()), alignment);
        Map<Value, MemoryPlan.Region> regions = new LinkedHashMap<>();
        roots.forEach((value, root) -> {
            int index = order.indexOf(root);
            if (index >= 0) {
                regions.put(
                        value,
                        new MemoryPlan.Region(certificate.places().get(index).offset(), bytes(value)));
            }
        });
        return new MemoryPlan(regions, certificate);
    }

    private void define(Value value, Value from, int index) {
        Value root = roots.getOrDefault(from, from);
        roots.put(value, root);
        boolean outside = value.type() instanceof StateType || external.test(value);
        if (from.equals(value) && !outside) {
            lives.put(value, new Life(index));
        } else if (outside && lives.containsKey(root)) {
            throw new IllegalArgumentException("@" + function.name() + ": " + value
                    + " is external and is written in place of " + root + ", which is not");
        }
        Life life = lives.get(root);
        if (life != null) {
            life.names.add(value.toString());
            life.last = Math.max(life.last, index);
            life.bytes = Math.max(life.bytes, bytes(value));
        }
    }

    private void use(Value value, int index) {
        Life life = lives.get(roots.getOrDefault(value, value));
        if (life != null) {
            life.last = Math.max(life.last, index);
        }
    }

    private static Optional<Value> takenOver(Statement statement, int result) {
        return switch (statement.op()) {
            case TensorOp ignored -> Optional.empty();
            case Dispatch dispatch -> dispatch.takenOver(result);
        };
    }

    private static long bytes(Value value) {
        return switch (value.type()) {
            case StateType state -> state.maxBytes();
            case TensorType tensor -> tensor.maxBytes();
        };
    }
}
