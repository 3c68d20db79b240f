package dev.quern.runtime;

import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A device that computes nothing: it writes down what it is asked, in words that can be compared with a golden, and
 * keeps what is written into its buffers and textures. What dispatches leave there is up to a {@link Simulation}.
 */
public final class RecordingGpu implements Gpu {
    private static final int SHOWN_BYTES = 32;

    private final DeviceInfo info;
    private final Simulation simulation;
    private final StringBuilder log = new StringBuilder();
    private final Map<String, Memory> memories = new HashMap<>();
    private final List<Runnable> delayed = new ArrayList<>();
    private boolean delaying;
    private int groups;
    private int open;

    /** Plays a dispatch. */
    @FunctionalInterface
    public interface Simulation {
        /** Leaves everything as it is. */
        Simulation NOTHING = (dispatch, gpu) -> {};

        void run(Dispatch dispatch, RecordingGpu gpu);
    }

    /** A device with what every WebGPU device offers, and storage textures. */
    public RecordingGpu(Simulation simulation) {
        this(device(0, true), simulation);
    }

    public RecordingGpu(DeviceInfo info, Simulation simulation) {
        this.info = info;
        this.simulation = simulation;
    }

    /** What a device with default limits is. */
    public static DeviceInfo device(int subgroupSize, boolean storageTextures) {
        return new DeviceInfo(
                "Recorder",
                DeviceInfo.Kind.UNKNOWN,
                "none",
                "none",
                DeviceProfile.Limits.DEFAULT,
                subgroupSize,
                subgroupSize,
                storageTextures);
    }

    /** From now on reads answer only when {@link #answer} is called, as in a browser. */
    public void delayReads() {
        delaying = true;
    }

    /** Answers the reads that wait. */
    public void answer() {
        var now = List.copyOf(delayed);
        delayed.clear();
        now.forEach(Runnable::run);
    }

    /** What was asked since the last call, a line each. */
    public String takeLog() {
        String text = log.toString();
        log.setLength(0);
        return text;
    }

    /** How many buffers and textures are not closed. */
    public int openResources() {
        return open;
    }

    /** The contents of a buffer or texture. */
    public ByteBuffer memory(String label) {
        var memory = memories.get(label);
        if (memory == null) {
            throw new IllegalArgumentException("nothing is named " + label);
        }
        return memory.bytes;
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public Buffer buffer(String label, long bytes) {
        line("buffer " + label + " " + bytes);
        return new Memory(label, Math.toIntExact(bytes), 0, 0);
    }

    @Override
    public Texture texture(String label, int width, int height) {
        line("texture " + label + " " + width + "×" + height);
        return new Memory(label, width * height * 16, width, height);
    }

    @Override
    public void write(Buffer buffer, long offset, ByteBuffer data) {
        var memory = (Memory) buffer;
        line("write " + memory.label + " at " + offset + ": " + show(data));
        memory.put(Math.toIntExact(offset), data);
    }

    @Override
    public void write(Texture texture, int firstRow, int rows, ByteBuffer data) {
        var memory = (Memory) texture;
        line("write " + memory.label + " rows " + firstRow + " to " + (firstRow + rows - 1) + ": " + show(data));
        if (data.remaining() != rows * memory.width * 16) {
            throw new GpuException(GpuException.Kind.VALIDATION, memory.label + ": these are not whole rows");
        }
        memory.put(firstRow * memory.width * 16, data);
    }

    @Override
    public Pipeline pipeline(Kernel kernel) {
        line("pipeline " + kernel.name());
        return new Compiled(kernel);
    }

    @Override
    public BindGroup bind(Pipeline pipeline, List<Binding> bindings) {
        var group = new Group(++groups);
        var text = new StringBuilder(
                "group " + group.number + " of " + pipeline.kernel().name() + ":");
        for (var binding : bindings) {
            switch (binding) {
                case Binding.OfBuffer bound ->
                    text.append(' ')
                            .append(((Memory) bound.buffer()).label)
                            .append('[')
                            .append(bound.offset())
                            .append("+")
                            .append(bound.bytes())
                            .append(']');
                case Binding.OfTexture bound -> text.append(' ').append(((Memory) bound.texture()).label);
            }
        }
        line(text.toString());
        return group;
    }

    @Override
    public void run(List<Dispatch> dispatches) {
        line("run");
        for (var dispatch : dispatches) {
            line("  " + dispatch.pipeline().kernel().name() + " group " + ((Group) dispatch.bindings()).number
                    + " grid " + dispatch.x() + "×" + dispatch.y() + "×" + dispatch.z() + " (" + dispatch.label()
                    + ")");
            simulation.run(dispatch, this);
        }
    }

    @Override
    public void read(Buffer buffer, long offset, int bytes, Received then) {
        var memory = (Memory) buffer;
        var copy = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(0, memory.bytes, Math.toIntExact(offset), bytes);
        line("read " + memory.label + " at " + offset + ": " + show(copy));
        Runnable answer = () -> then.accept(copy);
        if (delaying) {
            delayed.add(answer);
        } else {
            answer.run();
        }
    }

    @Override
    public void close() {
        line("close");
    }

    private void line(String text) {
        log.append(text).append('\n');
    }

    /** Words if they are few, otherwise how many bytes and their checksum. */
    private static String show(ByteBuffer data) {
        if (data.remaining() <= SHOWN_BYTES && data.remaining() % 4 == 0) {
            var words = data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
            var text = new StringBuilder();
            while (words.hasRemaining()) {
                text.append(text.isEmpty() ? "" : " ").append(words.get());
            }
            return text.toString();
        }
        var checksum = new CRC32();
        checksum.update(data.duplicate());
        return data.remaining() + " bytes, CRC-32 " + Long.toHexString(checksum.getValue());
    }

    private record Compiled(Kernel kernel) implements Pipeline {}

    private record Group(int number) implements BindGroup {}

    private final class Memory implements Buffer, Texture {
        private final String label;
        private final ByteBuffer bytes;
        private final int width;
        private final int height;

        Memory(String label, int size, int width, int height) {
            this.label = label;
            this.bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            this.width = width;
            this.height = height;
            memories.put(label, this);
            open++;
        }

        void put(int offset, ByteBuffer data) {
            if (offset + data.remaining() > bytes.capacity()) {
                throw new GpuException(GpuException.Kind.VALIDATION, label + ": the write reaches beyond the end");
            }
            bytes.put(offset, data, data.position(), data.remaining());
        }

        @Override
        public long bytes() {
            return bytes.capacity();
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public int height() {
            return height;
        }

        @Override
        public void close() {
            line("free " + label);
            open--;
        }
    }
}
