package dev.quern.runtime;

import dev.quern.plan.Kernel;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the executor needs of a GPU. Everything is encoded now and done later, in order; only {@link #read} waits.
 *
 * <p>Every call may throw {@link GpuException}, which names the step, kernel or resource concerned.
 */
public interface Gpu extends AutoCloseable {

    /** What the device is and can do. */
    DeviceInfo info();

    /**
     * A storage buffer, filled with zeros.
     *
     * @param label its name in errors
     * @param bytes a multiple of 4
     */
    Buffer buffer(String label, long bytes);

    /**
     * A texture of {@code rgba32uint}, readable as a storage texture; contents undefined.
     *
     * @param label its name in errors
     */
    Texture texture(String label, int width, int height);

    /**
     * Copies {@code data.remaining()} bytes, a multiple of 4, into a buffer; the data may be reused at return.
     *
     * @param offset bytes, a multiple of 4
     */
    void write(Buffer buffer, long offset, ByteBuffer data);

    /** Copies whole rows of texels, 16 bytes each, into a texture; the data may be reused at return. */
    void write(Texture texture, int firstRow, int rows, ByteBuffer data);

    /** Compiles a kernel. */
    Pipeline pipeline(Kernel kernel);

    /** The same for a kernel that is not wanted at first: hosts that compile beside other work may put it off. */
    default Pipeline laterPipeline(Kernel kernel) {
        return pipeline(kernel);
    }

    /** Binds resources to a pipeline's bindings, in their order. Done at load time, never per token. */
    BindGroup bind(Pipeline pipeline, List<Binding> bindings);

    /** Runs dispatches in order, in one pass and one submission; each sees what the ones before it wrote. */
    void run(List<Dispatch> dispatches);

    /**
     * Reads bytes once everything submitted before is done. On the JVM the callback runs before this returns; in a
     * browser, later.
     *
     * @param offset bytes, a multiple of 4
     * @param bytes a multiple of 4
     */
    void read(Buffer buffer, long offset, int bytes, Received then);

    @Override
    void close();

    /** A buffer on the device. */
    interface Buffer {
        long bytes();

        /** Frees the device's memory. */
        void close();
    }

    /** A texture on the device. */
    interface Texture {
        int width();

        int height();

        /** Frees the device's memory. */
        void close();
    }

    /** A compiled kernel. */
    interface Pipeline {
        Kernel kernel();
    }

    /** Resources bound to a pipeline. */
    interface BindGroup {}

    /** A resource as bound. */
    sealed interface Binding {
        /** Part of a buffer; the offset is a multiple of 256. */
        record OfBuffer(Buffer buffer, long offset, long bytes) implements Binding {}

        /** A whole texture. */
        record OfTexture(Texture texture) implements Binding {}
    }

    /**
     * One dispatch.
     *
     * @param label what it computes, for errors
     */
    record Dispatch(String label, Pipeline pipeline, BindGroup bindings, int x, int y, int z) {}

    /** Receives what was read. The buffer is valid only during the call, little-endian. */
    @FunctionalInterface
    interface Received {
        void accept(ByteBuffer data);
    }
}
