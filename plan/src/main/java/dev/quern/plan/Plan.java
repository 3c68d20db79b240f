package dev.quern.plan;

import java.util.List;

/**
 * A model compiled for one device profile.
 *
 * @param profile for which devices
 * @param symbols the extents that are known only when an entry point is run
 * @param buffers everything but weights: arena, states, inputs, outputs
 * @param weights in order of first use
 * @param kernels one for each pipeline
 * @param entryPoints what can be run
 * @param memory the proof of the arena's size
 */
public record Plan(
        DeviceProfile profile,
        List<Symbol> symbols,
        List<BufferSpec> buffers,
        List<WeightSpec> weights,
        List<Kernel> kernels,
        List<EntryPoint> entryPoints,
        MemoryCertificate memory) {
    public Plan {
        symbols = List.copyOf(symbols);
        buffers = List.copyOf(buffers);
        weights = List.copyOf(weights);
        kernels = List.copyOf(kernels);
        entryPoints = List.copyOf(entryPoints);
    }

    /** An extent from 1 to {@code max}. */
    public record Symbol(String name, long max) {}

    /** The same plan for another profile, whose devices may offer less: the verifier says whether it is enough. */
    public Plan withProfile(DeviceProfile other) {
        return new Plan(other, symbols, buffers, weights, kernels, entryPoints, memory);
    }

    /** The buffer of that name. */
    public BufferSpec buffer(String name) {
        return buffers.stream()
                .filter(buffer -> buffer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the plan has no buffer named " + name));
    }

    /** The entry point of that name. */
    public EntryPoint entryPoint(String name) {
        return entryPoints.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the plan has no entry point named " + name));
    }

    /** The kernel of that name. */
    public Kernel kernel(String name) {
        return kernels.stream()
                .filter(kernel -> kernel.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the plan has no kernel named " + name));
    }
}
