package dev.quern.cli.inspect;

import dev.quern.cli.bundle.DeviceFile;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Visible;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.runtime.ProfileMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a device will do for a plan, before anything is put on it.
 *
 * @param plan of a model for one profile
 * @param device in question
 */
public record MemoryVerdict(Plan plan, DeviceFile device) {

    /** Bytes that the plan takes on the device: weights, keys and values, arenas, the rest. */
    private long total() {
        return weights() + of(BufferSpec.Role.STATE) + of(BufferSpec.Role.ARENA) + rest();
    }

    private long weights() {
        return plan.weights().stream().mapToLong(WeightSpec::bytes).sum();
    }

    private long of(BufferSpec.Role role) {
        return plan.buffers().stream()
                .filter(buffer -> buffer.role() == role)
                .mapToLong(BufferSpec::bytes)
                .sum();
    }

    private long rest() {
        return plan.buffers().stream().mapToLong(BufferSpec::bytes).sum()
                - of(BufferSpec.Role.STATE)
                - of(BufferSpec.Role.ARENA);
    }

    /** What speaks against the device, in phrases; empty if it will do. */
    private List<String> obstacles() {
        List<String> obstacles = new ArrayList<>(ProfileMatcher.misfits(plan.profile(), device.info()));
        device.memory().ifPresent(memory -> {
            if (total() > memory) {
                obstacles.add("it needs " + Sizes.bytes(total()) + " of memory, the device has " + Sizes.bytes(memory));
            }
        });
        return obstacles;
    }

    /** The verdict for people, and its fields. */
    public View view() {
        List<String> obstacles = obstacles();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", device.info().name());
        fields.put("will_do", obstacles.isEmpty());
        fields.put("obstacles", obstacles);
        fields.put("total_bytes", total());
        fields.put("weight_bytes", weights());
        fields.put("state_bytes", of(BufferSpec.Role.STATE));
        fields.put("arena_bytes", of(BufferSpec.Role.ARENA));
        fields.put("other_bytes", rest());
        String name = Visible.line(device.info().name());
        String verdict = obstacles.isEmpty()
                ? name + " will do" + room()
                : name + " will not do: " + Visible.line(String.join("; ", obstacles)) + ".";
        String text = "total    " + Sizes.bytes(total()) + ": weights " + Sizes.bytes(weights())
                + ", keys and values " + Sizes.bytes(of(BufferSpec.Role.STATE)) + ", arenas "
                + Sizes.bytes(of(BufferSpec.Role.ARENA)) + ", the rest " + Sizes.bytes(rest()) + "\n"
                + "device   " + verdict + "\n";
        return new View("device", text, fields);
    }

    /** What is said of the memory of a device that will do. */
    private String room() {
        return device.memory().isPresent()
                ? ", with " + Sizes.bytes(device.memory().getAsLong() - total()) + " to spare."
                : " if so much memory is free; WebGPU does not tell how much there is.";
    }
}
