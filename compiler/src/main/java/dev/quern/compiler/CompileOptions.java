package dev.quern.compiler;

import dev.quern.passes.Pipeline;
import dev.quern.passes.Pipelines;
import dev.quern.plan.DeviceProfile;

/**
 * What a model is compiled for.
 *
 * @param profile the kind of device
 * @param context positions to keep keys and values for; 0 for what the model was trained for, at most {@link #DEFAULT_CONTEXT}
 * @param chunk the most tokens that one run of {@code prefill} takes, a multiple of 4
 * @param pipeline the passes
 */
public record CompileOptions(DeviceProfile profile, long context, long chunk, Pipeline pipeline) {
    /** The context where none is asked for and the model has more: memory for keys and values grows with it. */
    public static final long DEFAULT_CONTEXT = 4096;

    /** Tokens that a run of {@code prefill} takes on a GPU. */
    public static final long DEFAULT_CHUNK = 64;

    /** Tokens that a run of {@code prefill} takes on a CPU driver, where inputs are uniforms and those are small. */
    public static final long CPU_CHUNK = 8;

    public CompileOptions {
        if (context < 0) {
            throw new IllegalArgumentException("a context has at least 1 position, not " + context);
        }
        if (chunk < 4 || chunk % 4 != 0) {
            throw new IllegalArgumentException("prompts are read in chunks of a multiple of 4 tokens, not " + chunk);
        }
    }

    /** The standard passes and sizes for a device. */
    public static CompileOptions of(DeviceProfile profile) {
        long chunk = switch (profile.shape()) {
            case LANE_PER_ROW -> CPU_CHUNK;
            case WORKGROUP -> DEFAULT_CHUNK;
        };
        return new CompileOptions(profile, 0, chunk, Pipelines.standard());
    }

    /** The same with another context. */
    public CompileOptions withContext(long newContext) {
        return new CompileOptions(profile, newContext, chunk, pipeline);
    }
}
