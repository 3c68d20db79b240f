package dev.quern.runtime;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a plan says of the work for one token.
 *
 * @param dispatchesPerToken of {@code step} and {@code pick} together
 * @param weightBytesPerToken bytes of the weights that {@code step} reads as a whole
 * @param states that {@code step} reads
 */
public record PlanCosts(int dispatchesPerToken, long weightBytesPerToken, List<BufferSpec> states) {
    public PlanCosts {
        states = List.copyOf(states);
    }

    /**
     * Counts. A weight that is bound together with the tokens is looked up by token: one row of it is read, and it is
     * not counted, unless another dispatch reads it as a whole.
     */
    public static PlanCosts of(Plan plan) {
        Map<String, Long> weights = new HashMap<>();
        plan.weights().forEach(weight -> weights.put(weight.name(), weight.bytes()));
        Map<String, BufferSpec> buffers = new HashMap<>();
        plan.buffers().forEach(buffer -> buffers.put(buffer.name(), buffer));
        Set<String> read = new HashSet<>();
        int dispatches = 0;
        long weightBytes = 0;
        List<BufferSpec> states = new ArrayList<>();
        for (var entry : plan.entryPoints()) {
            if (entry.name().equals(EntryPoint.PREFILL)) {
                continue;
            }
            dispatches += entry.steps().size();
            for (var step : entry.steps()) {
                boolean byToken = step.bindings().stream()
                        .map(bound -> buffers.get(bound.resource()))
                        .anyMatch(buffer -> buffer != null && buffer.role() == BufferSpec.Role.TOKENS);
                for (var bound : step.bindings()) {
                    var buffer = buffers.get(bound.resource());
                    if (buffer == null) {
                        weightBytes +=
                                !byToken && read.add(bound.resource()) ? weights.getOrDefault(bound.resource(), 0L) : 0;
                    } else if (buffer.role() == BufferSpec.Role.STATE && read.add(bound.resource())) {
                        states.add(buffer);
                    }
                }
            }
        }
        return new PlanCosts(dispatches, weightBytes, states);
    }

    /**
     * Bytes of weights and states read for a token.
     *
     * @param positions how many positions were read before; of states that hold the last ones only, all of those are
     *     counted once there are as many
     */
    public long bytesPerToken(double positions) {
        double bytes = 0;
        for (var state : states) {
            bytes += state.bytes() * Math.min(1, positions / state.positions());
        }
        return weightBytesPerToken + Math.round(bytes);
    }
}
