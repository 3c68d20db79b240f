package dev.quern.runtime;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Plan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs the entry points of a plan whose resources lie on a device. Pipelines and bind groups are built already: what is
 * left per token is a list of dispatches, made once. {@link ExecutorLoader} makes executors.
 *
 * <p>The executor keeps no position and no tokens: that is the business of {@link Generation}.
 */
public final class Executor implements AutoCloseable {
    private static final int CLEARED_AT_ONCE = 1 << 20;

    private final Gpu gpu;
    private final Plan plan;
    private final Map<String, Gpu.Binding> resources;
    private final DispatchLists lists;
    private final Gpu.Buffer tokens;
    private final Gpu.Buffer position;
    private final Gpu.Buffer logits;
    private final Gpu.Buffer ring;
    private final int chunk;
    private final List<Gpu.Dispatch> step;
    private final List<Gpu.Dispatch> stepAndPick;
    private final ByteBuffer words;

    Executor(Gpu gpu, Plan plan, Map<String, Gpu.Binding> resources, DispatchLists lists) {
        this.gpu = gpu;
        this.plan = plan;
        this.resources = resources;
        this.lists = lists;
        tokens = buffer(BufferSpec.Role.TOKENS);
        position = buffer(BufferSpec.Role.POSITION);
        logits = buffer(BufferSpec.Role.LOGITS);
        ring = buffer(BufferSpec.Role.RING);
        chunk = lists.maxTokens();
        step = lists.of(EntryPoint.STEP, 1);
        stepAndPick = new ArrayList<>(step);
        stepAndPick.addAll(lists.of(EntryPoint.PICK, 1));
        words = ByteBuffer.allocateDirect(4 * chunk).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Gpu.Buffer buffer(BufferSpec.Role role) {
        for (var spec : plan.buffers()) {
            if (spec.role() == role && resources.get(spec.name()) instanceof Gpu.Binding.OfBuffer bound) {
                return bound.buffer();
            }
        }
        throw new IllegalArgumentException("the plan for " + plan.profile().name()
                + " cannot generate: it has no buffer with the role " + role.text());
    }

    /** The plan that is run. */
    public Plan plan() {
        return plan;
    }

    /** The most tokens that one run of {@code prefill} reads. */
    public int chunk() {
        return chunk;
    }

    /** The most tokens that can be picked before the ring must be read. */
    public int ringSlots() {
        return (int) (ring.bytes() / 4);
    }

    /**
     * Reads tokens into the states in one run.
     *
     * @param ids holds the tokens from index {@code from}
     * @param count from 1 to {@link #chunk}
     * @param first the position of the first of them
     */
    public void prefill(int[] ids, int from, int count, int first) {
        setPrompt(ids, from, count, first);
        gpu.run(lists.of(EntryPoint.PREFILL, count));
    }

    /** Sets what {@code prefill} reads. */
    void setPrompt(int[] ids, int from, int count, int first) {
        if (count < 1 || count > chunk) {
            throw new IllegalArgumentException("prefill reads 1 to " + chunk + " tokens, not " + count);
        }
        // The rest is zero: a kernel that works on several tokens at once may look up some behind the last.
        words.clear();
        for (int i = 0; i < chunk; i++) {
            words.putInt(i < count ? ids[from + i] : 0);
        }
        gpu.write(tokens, 0, words.flip());
        writePosition(first);
    }

    /** Sets what the next {@link #step} or {@link #stepAndPick} reads: a token and its position. */
    public void set(int token, int at) {
        gpu.write(tokens, 0, words.clear().putInt(token).flip());
        writePosition(at);
    }

    private void writePosition(int at) {
        gpu.write(position, 0, words.clear().putInt(at).flip());
    }

    /** Reads one token and leaves logits. The position stays. */
    public void step() {
        gpu.run(step);
    }

    /** Reads one token, and makes the likeliest next one the token of the next step, at the next position. */
    public void stepAndPick() {
        gpu.run(stepAndPick);
    }

    /** Fills with zeros what no step reads before it has written it: arenas and logits. */
    void clearScratch() {
        ByteBuffer zeros = ByteBuffer.allocateDirect(CLEARED_AT_ONCE);
        for (var spec : plan.buffers()) {
            boolean scratch = switch (spec.role()) {
                case ARENA, LOGITS -> true;
                case STATE, TOKENS, POSITION, RING -> false;
            };
            if (scratch && resources.get(spec.name()) instanceof Gpu.Binding.OfBuffer bound) {
                for (long at = 0; at < spec.bytes(); at += CLEARED_AT_ONCE) {
                    gpu.write(bound.buffer(), at, zeros.clear().limit((int)
                            Math.min(CLEARED_AT_ONCE, spec.bytes() - at)));
                }
            }
        }
    }

    /** Runs one dispatch of an entry point alone. */
    void runDispatch(String entryPoint, int count, int index) {
        gpu.run(List.of(lists.of(entryPoint, count).get(index)));
    }

    /** Reads bytes of what a dispatch bound to a buffer, from an offset in it on. */
    void readBound(EntryPoint.Bound bound, long offset, int bytes, Gpu.Received then) {
        if (resources.get(bound.resource()) instanceof Gpu.Binding.OfBuffer resource) {
            gpu.read(resource.buffer(), bound.offset() + offset, bytes, then);
        } else {
            throw new IllegalArgumentException(bound.resource() + " is no buffer");
        }
    }

    /** Writes what a dispatch bound to a buffer. */
    void writeBound(EntryPoint.Bound bound, ByteBuffer data) {
        if (resources.get(bound.resource()) instanceof Gpu.Binding.OfBuffer resource) {
            gpu.write(resource.buffer(), bound.offset(), data);
        } else {
            throw new IllegalArgumentException(bound.resource() + " is no buffer");
        }
    }

    /** Waits until everything is done that was begun. */
    public void settle(Runnable then) {
        gpu.read(position, 0, 4, data -> then.run());
    }

    /** The logits that the last step left. */
    public void readLogits(Consumer<float[]> then) {
        readFloats(logits, 0, logits.bytes(), then);
    }

    private void readFloats(Gpu.Buffer buffer, long offset, long bytes, Consumer<float[]> then) {
        gpu.read(buffer, offset, Math.toIntExact(bytes), data -> {
            var values = new float[data.remaining() / 4];
            data.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            then.accept(values);
        });
    }

    /**
     * The tokens picked at some positions, {@link EntryPoint#NO_TOKEN} where the logits were not finite.
     *
     * @param first the position of the step that chose the first of them
     * @param count at most {@link #ringSlots}
     */
    public void readRing(int first, int count, Consumer<int[]> then) {
        int slots = ringSlots();
        if (count > slots) {
            throw new IllegalArgumentException("the ring holds " + slots + " tokens, not " + count);
        }
        gpu.read(ring, 0, Math.toIntExact(ring.bytes()), data -> {
            var all = data.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
            var picked = new int[count];
            for (int i = 0; i < count; i++) {
                picked[i] = all.get((first + i) % slots);
            }
            then.accept(picked);
        });
    }

    /** Frees the plan's buffers and textures; the device stays. */
    @Override
    public void close() {
        release(resources);
    }

    static void release(Map<String, Gpu.Binding> resources) {
        for (var resource : resources.values()) {
            switch (resource) {
                case Gpu.Binding.OfBuffer bound -> bound.buffer().close();
                case Gpu.Binding.OfTexture bound -> bound.texture().close();
            }
        }
    }
}
