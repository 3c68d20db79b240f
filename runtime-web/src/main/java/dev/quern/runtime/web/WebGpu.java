package dev.quern.runtime.web;

import dev.quern.plan.Kernel;
import dev.quern.plan.WeightSpec;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.Gpu;
import dev.quern.runtime.GpuException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * A {@link Gpu} on the browser's WebGPU.
 *
 * <p>Pipelines are compiled side by side, and {@link #settle} waits for them; those for later are put off until
 * {@link #begin}, for they would slow down the others; {@link #read} waits, which only threads may do. What the device
 * refuses it says later too, as an event: the host that opened the device hands such messages to {@link #refused}, and
 * the next call throws them.
 */
final class WebGpu implements Gpu {
    private final JSObject device;
    private final DeviceInfo info;
    private final Map<List<Kernel.Access>, JSObject> layouts = new HashMap<>();
    private final List<WebPipeline> pipelines = new ArrayList<>();

    /** How many of them are known to be ready. */
    private int ready;

    private @Nullable GpuException refusal;

    /** Kept from read to read. */
    private ByteBuffer received = ByteBuffer.allocateDirect(4096);

    private record WebBuffer(String label, Js.Buffer handle, long bytes) implements Buffer {
        @Override
        public void close() {
            handle.destroy();
        }
    }

    private record WebTexture(String label, Js.Texture handle, int width, int height) implements Texture {
        @Override
        public void close() {
            handle.destroy();
        }
    }

    private record WebBindGroup(JSObject handle) implements BindGroup {}

    private static final class WebPipeline implements Pipeline {
        private final Kernel kernel;
        private final JSObject layout;
        private @Nullable JSPromise<JSObject> promise;
        private @Nullable JSObject handle;

        WebPipeline(Kernel kernel, JSObject layout) {
            this.kernel = kernel;
            this.layout = layout;
        }

        /** Begins to compile it, or goes on with that. */
        JSPromise<JSObject> begun(JSObject device) {
            var known = promise;
            if (known != null) {
                return known;
            }
            String extensions = kernel.features().contains(Kernel.Feature.SUBGROUPS) ? "enable subgroups;\n" : "";
            var begun =
                    Js.createPipeline(device, kernel.name(), extensions + kernel.source(), kernel.entryPoint(), layout);
            promise = begun;
            return begun;
        }

        @Override
        public Kernel kernel() {
            return kernel;
        }
    }

    /**
     * A device that the host opened.
     *
     * @param device a {@code GPUDevice}
     * @param adapter its {@code GPUAdapterInfo}
     */
    WebGpu(JSObject device, JSObject adapter) {
        this.device = device;
        this.info = WebDevice.describe(device, adapter);
    }

    /** The device has refused something, or is lost; the next call throws this. */
    void refused(GpuException.Kind kind, String message) {
        if (refusal == null) {
            refusal = new GpuException(kind, message);
        }
    }

    private void check() {
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Begins to compile all pipelines that were put off. */
    void begin() {
        pipelines.forEach(pipeline -> pipeline.begun(device));
    }

    /**
     * Waits until all pipelines are compiled. To be called from a thread that may wait.
     *
     * @throws GpuException naming the kernel that cannot be compiled
     */
    void settle() {
        begin();
        settle(pipelines.size(), _ -> {});
    }

    /**
     * Waits until the first of the pipelines are compiled. To be called from a thread that may wait.
     *
     * @param first how many of those that were made
     * @throws GpuException naming the kernel that cannot be compiled
     */
    void settle(int first, Consumer<Integer> progress) {
        while (ready < first) {
            var pipeline = pipelines.get(ready);
            try {
                pipeline.handle = Promises.await(pipeline.begun(device));
            } catch (RuntimeException problem) {
                throw new GpuException(
                        GpuException.Kind.VALIDATION,
                        "Compiling the kernel \"" + pipeline.kernel.name() + "\" failed: " + problem.getMessage());
            }
            progress.accept(++ready);
        }
        check();
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public Buffer buffer(String label, long bytes) {
        check();
        return new WebBuffer(label, Js.createBuffer(device, label, (double) bytes), bytes);
    }

    @Override
    public Texture texture(String label, int width, int height) {
        check();
        return new WebTexture(label, Js.createTexture(device, label, width, height), width, height);
    }

    @Override
    public void write(Buffer buffer, long offset, ByteBuffer data) {
        check();
        // The view that JavaScript gets spans the capacity, whatever the limit.
        Js.writeBuffer(device, ((WebBuffer) buffer).handle(), (double) offset, data.slice());
    }

    @Override
    public void write(Texture texture, int firstRow, int rows, ByteBuffer data) {
        check();
        var bytes = new Uint8Array(data.remaining());
        for (int index = 0; index < data.remaining(); index++) {
            bytes.set(index, (short) (data.get(data.position() + index) & 0xff));
        }
        write(texture, firstRow, bytes);
    }

    /** Writes bytes that are not in the program's memory. */
    void write(Buffer buffer, long offset, Uint8Array data) {
        check();
        Js.writeBuffer(device, ((WebBuffer) buffer).handle(), (double) offset, data);
    }

    /** Writes rows of texels that are not in the program's memory; the last may be filled in part. */
    void write(Texture texture, int firstRow, Uint8Array data) {
        check();
        Js.writeTexture(device, ((WebTexture) texture).handle(), firstRow, data, WeightSpec.TEXTURE_WIDTH);
    }

    @Override
    public Pipeline pipeline(Kernel kernel) {
        var pipeline = known(kernel);
        pipeline.begun(device);
        return pipeline;
    }

    @Override
    public Pipeline laterPipeline(Kernel kernel) {
        return known(kernel);
    }

    private WebPipeline known(Kernel kernel) {
        check();
        var pipeline = new WebPipeline(kernel, layouts.computeIfAbsent(kernel.bindings(), this::layout));
        pipelines.add(pipeline);
        return pipeline;
    }

    private JSObject layout(List<Kernel.Access> bindings) {
        List<String> words = new ArrayList<>();
        for (var access : bindings) {
            words.add(
                    switch (access) {
                        case READ -> "read-only-storage";
                        case READ_WRITE -> "storage";
                        case UNIFORM -> "uniform";
                        case TEXTURE -> "texture";
                        case SAMPLED_TEXTURE -> "sampled";
                    });
        }
        return Js.createLayout(device, String.join(" ", words));
    }

    @Override
    public BindGroup bind(Pipeline pipeline, List<Binding> bindings) {
        check();
        JSObject entries = Js.entries();
        for (var binding : bindings) {
            switch (binding) {
                case Binding.OfBuffer part ->
                    Js.bindBuffer(entries, ((WebBuffer) part.buffer()).handle(), (double) part.offset(), (double)
                            part.bytes());
                case Binding.OfTexture whole -> Js.bindTexture(entries, ((WebTexture) whole.texture()).handle());
            }
        }
        var owner = (WebPipeline) pipeline;
        return new WebBindGroup(Js.createBindGroup(device, owner.kernel.name(), owner.layout, entries));
    }

    @Override
    public void run(List<Dispatch> dispatches) {
        check();
        JSObject encoder = Js.encoder(device);
        JSObject pass = Js.begin(encoder);
        for (var dispatch : dispatches) {
            Js.dispatch(
                    pass,
                    Objects.requireNonNull(((WebPipeline) dispatch.pipeline()).handle),
                    ((WebBindGroup) dispatch.bindings()).handle(),
                    dispatch.x(),
                    dispatch.y(),
                    dispatch.z());
        }
        Js.submit(device, encoder, pass);
    }

    @Override
    public void read(Buffer buffer, long offset, int bytes, Received then) {
        check();
        Uint8Array copy;
        try {
            copy = Promises.await(Js.read(device, ((WebBuffer) buffer).handle(), (double) offset, bytes));
        } catch (RuntimeException problem) {
            check();
            throw new GpuException(
                    GpuException.Kind.DEVICE_LOST, "Reading from the device failed: " + problem.getMessage());
        }
        check();
        if (received.capacity() < bytes) {
            received = ByteBuffer.allocateDirect(bytes);
        }
        ByteBuffer data = received.duplicate().limit(bytes);
        Js.copy(copy, data.slice());
        then.accept(data.order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public void close() {
        // The host opened the device and closes it.
    }
}
