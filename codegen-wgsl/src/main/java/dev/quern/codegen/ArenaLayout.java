package dev.quern.codegen;

import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.MemoryCertificate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the values of all functions lie, as the memory planner decided. Offsets count through all arenas, one behind
 * the other; a value lies in the last arena that starts at or before its offset.
 *
 * @param offsets bytes from the start of the first arena, by function name and value name
 * @param arenas where each arena starts, the first at 0
 * @param certificate the proof of their size
 */
public record ArenaLayout(Map<String, Map<String, Long>> offsets, List<Long> arenas, MemoryCertificate certificate) {

    /** The offset of a value. */
    long offset(Function function, Value value) {
        Map<String, Long> ofFunction = offsets.get(function.name());
        Long offset = ofFunction == null ? null : ofFunction.get(value.name());
        if (offset == null) {
            throw new IllegalArgumentException("the memory plan has no place for " + value + " of @" + function.name());
        }
        return offset;
    }

    /** The arena that holds an offset. */
    int arenaOf(long offset) {
        int arena = 0;
        while (arena + 1 < arenas.size() && arenas.get(arena + 1) <= offset) {
            arena++;
        }
        return arena;
    }

    /** Bytes of an arena. */
    long bytesOf(int arena) {
        long end = arena + 1 < arenas.size() ? arenas.get(arena + 1) : certificate.arenaBytes();
        return end - arenas.get(arena);
    }

    /**
     * The values of a function that lie outside of the arena, in buffers of their own: states, what the host sees of a
     * function, and what becomes that in place, as logits do that several kernels write one after the other.
     */
    public static Set<Value> external(Function function) {
        Set<Value> external = new HashSet<>(function.parameters());
        external.addAll(function.results());
        for (Statement statement : function.body().reversed()) {
            for (int index = 0; index < statement.results().size(); index++) {
                Value result = statement.results().get(index);
                if (result.type() instanceof StateType) {
                    external.add(result);
                }
                if (external.contains(result)) {
                    takenOver(statement, index).ifPresent(external::add);
                }
            }
        }
        return external;
    }

    private static Optional<Value> takenOver(Statement statement, int result) {
        return switch (statement.op()) {
            case Dispatch dispatch -> dispatch.takenOver(result);
            case TensorOp _ -> Optional.empty();
        };
    }
}
