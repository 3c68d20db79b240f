package dev.quern.cli.bench;

import dev.quern.plan.Kernel;
import dev.quern.runtime.Gpu;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** What a device copies in a second, as shaders see it: each lane reads sixteen bytes and writes them elsewhere. */
final class Bandwidth {
    /** Half of what a binding may be on every device, and far beyond what caches hold. */
    private static final long BYTES = 64L << 20;

    private static final int BYTES_PER_GROUP = 256 * 16;

    private static final int COPIES = 4;

    private static final Kernel COPY =
            new Kernel("copy", "main", List.of(Kernel.Access.READ, Kernel.Access.READ_WRITE), List.of(), """
            @group(0) @binding(0) var<storage, read> source: array<vec4u>;
            @group(0) @binding(1) var<storage, read_write> target_words: array<vec4u>;

            @compute @workgroup_size(256)
            fn main(@builtin(global_invocation_id) id: vec3u) {
                target_words[id.x] = source[id.x];
            }
            """);

    private Bandwidth() {}

    /** Bytes that are read and written in a second: of several trials the best. */
    static double measure(Gpu gpu, int repetitions) {
        Gpu.Buffer source = gpu.buffer("source of a copy", BYTES);
        Gpu.Buffer target = gpu.buffer("target of a copy", BYTES);
        try {
            Gpu.Pipeline pipeline = gpu.pipeline(COPY);
            Gpu.BindGroup group = gpu.bind(
                    pipeline,
                    List.of(new Gpu.Binding.OfBuffer(source, 0, BYTES), new Gpu.Binding.OfBuffer(target, 0, BYTES)));
            Gpu.Dispatch dispatch = new Gpu.Dispatch("copy", pipeline, group, (int) (BYTES / BYTES_PER_GROUP), 1, 1);
            List<Gpu.Dispatch> copies = Collections.nCopies(COPIES, dispatch);
            time(gpu, copies, target);
            long best = LongStream.range(0, repetitions)
                    .map(_ -> time(gpu, copies, target))
                    .min()
                    .orElseThrow();
            return 2.0 * BYTES * COPIES / (best / 1e9);
        } finally {
            source.close();
            target.close();
        }
    }

    private static long time(Gpu gpu, List<Gpu.Dispatch> copies, Gpu.Buffer target) {
        long begin = System.nanoTime();
        gpu.run(copies);
        gpu.read(target, 0, 4, _ -> {});
        return System.nanoTime() - begin;
    }
}
