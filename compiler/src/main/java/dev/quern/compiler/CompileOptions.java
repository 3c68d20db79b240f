package dev.quern.compiler;

import dev.quern.gguf.architecture.GraphOptions;
import dev.quern.ir.Encoding;
import dev.quern.passes.Pipeline;
import dev.quern.passes.Pipelines;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a model is compiled for.
 *
 * @param profile the kind of device
 * @param context positions to keep keys and values for; 0 for what the model was trained for, at most
 *     {@link #DEFAULT_CONTEXT}
 * @param chunk the most tokens that one run of {@code prefill} takes, a multiple of 4
 * @param pipeline the passes
 * @param others further kinds of device that a bundle gets a plan for; they share the weights
 * @param cache how keys and values are kept
 * @param names what the model is called by others than its file
 */
public record CompileOptions(
        DeviceProfile profile,
        long context,
        long chunk,
        Pipeline pipeline,
        List<DeviceProfile> others,
        CacheEncoding cache,
        ModelNames names) {
    /** The context where none is asked for and the model has more: memory for keys and values grows with it. */
    public static final long DEFAULT_CONTEXT = 4096;

    /** Tokens that a run of {@code prefill} takes on a GPU. */
    public static final long DEFAULT_CHUNK = 64;

    /** Tokens that a run of {@code prefill} takes on a CPU driver, where inputs are uniforms and those are small. */
    public static final long CPU_CHUNK = 8;

    public CompileOptions {
        others = List.copyOf(others);
        if (context < 0) {
            throw new IllegalArgumentException("a context has at least 1 position, not " + context);
        }
        if (chunk < 4 || chunk % 4 != 0) {
            throw new IllegalArgumentException("prompts are read in chunks of a multiple of 4 tokens, not " + chunk);
        }
    }

    /** For one kind of device, keys and values as usual. */
    public CompileOptions(DeviceProfile profile, long context, long chunk, Pipeline pipeline) {
        this(profile, context, chunk, pipeline, List.of(), CacheEncoding.DEFAULT, ModelNames.NONE);
    }

    /** The standard passes and sizes for a device. */
    public static CompileOptions of(DeviceProfile profile) {
        long chunk = switch (profile.shape()) {
            case LANE_PER_ROW -> CPU_CHUNK;
            case FOUR_LANES, WORKGROUP -> DEFAULT_CHUNK;
        };
        return new CompileOptions(profile, 0, chunk, Pipelines.standard());
    }

    /** Every kind of device that gets a plan. */
    public List<DeviceProfile> profiles() {
        return Stream.concat(Stream.of(profile), others.stream()).toList();
    }

    /** The same with another context. */
    public CompileOptions withContext(long newContext) {
        return new CompileOptions(profile, newContext, chunk, pipeline, others, cache, names);
    }

    /** The same with plans for further kinds of device. */
    public CompileOptions withOthers(List<DeviceProfile> newOthers) {
        return new CompileOptions(profile, context, chunk, pipeline, newOthers, cache, names);
    }

    /** The same with keys and values kept in another way. */
    public CompileOptions withCache(CacheEncoding newCache) {
        return new CompileOptions(profile, context, chunk, pipeline, others, newCache, names);
    }

    /** The same for a model that others call something. */
    public CompileOptions withNames(ModelNames newNames) {
        return new CompileOptions(profile, context, chunk, pipeline, others, cache, newNames);
    }

    /** The graph's options for so many positions and tokens at a time. */
    public static GraphOptions graph(long context, long chunk, CacheEncoding cache) {
        return new GraphOptions(context, chunk, encoding(cache));
    }

    private static Encoding encoding(CacheEncoding cache) {
        return switch (cache) {
            case F16 -> Encoding.Scalar.F16;
            case F32 -> Encoding.Scalar.F32;
            case Q8_0 -> Encoding.Block.Q8_0;
        };
    }
}
