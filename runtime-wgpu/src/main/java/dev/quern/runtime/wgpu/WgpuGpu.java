package dev.quern.runtime.wgpu;

import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.Gpu;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WGPUBufferDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUBufferUsage;
import dev.quern.runtime.wgpu.ffi.WGPUExtent3D;
import dev.quern.runtime.wgpu.ffi.WGPUTextureDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUTextureDimension;
import dev.quern.runtime.wgpu.ffi.WGPUTextureFormat;
import dev.quern.runtime.wgpu.ffi.WGPUTextureUsage;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Gpu} on wgpu-native.
 *
 * <p>It belongs to one thread. Closing it releases everything that it made.
 */
public final class WgpuGpu implements Gpu {
    private final WgpuInstance instance;
    private final WgpuDevice device;
    private final WgpuPipelines pipelines;
    private final WgpuQueue queue;
    private final DeviceInfo info;
    private final Set<WgpuBuffer> buffers = new LinkedHashSet<>();
    private final Set<WgpuTexture> textures = new LinkedHashSet<>();
    private boolean closed;

    /** Opens a device. The adapter is released and the instance will be closed, here if the device cannot be opened. */
    WgpuGpu(WgpuInstance instance, WgpuAdapter adapter) {
        this.instance = instance;
        try {
            device = WgpuDevice.open(instance, adapter);
        } catch (GpuException refused) {
            instance.close();
            throw refused;
        }
        pipelines = new WgpuPipelines(this, device.handle(), device.errors(), isChecked());
        queue = new WgpuQueue(this, device);
        try {
            info = adapter.hasSubgroups()
                    ? SubgroupProbe.measure(this, adapter.info(), adapter.vendor())
                    : adapter.info();
        } catch (GpuException refused) {
            close();
            throw refused;
        }
    }

    /**
     * Opens the device that {@code QUERN_ADAPTER} names, or the one that promises most.
     *
     * @throws GpuException of kind {@code NO_DEVICE}, if there is none
     */
    public static WgpuGpu open() {
        return open(Optional.empty());
    }

    /**
     * Opens the same device, with limits lowered: nothing larger can be made or bound then, as on a device that has no
     * more.
     *
     * @param most what limits are lowered to
     * @throws GpuException of kind {@code NO_DEVICE}, if there is none
     */
    public static WgpuGpu open(Optional<DeviceProfile.Limits> most) {
        String wanted = System.getenv("QUERN_ADAPTER");
        return open(wanted == null || wanted.isEmpty() ? null : wanted, most);
    }

    /**
     * Opens the first device that has a text in its name, capitals and small letters alike, or the one that promises
     * most.
     *
     * @param wanted a part of the name, or null for any
     * @throws GpuException of kind {@code NO_DEVICE}, if there is none
     */
    public static WgpuGpu open(@Nullable String wanted) {
        return open(wanted, Optional.empty());
    }

    private static WgpuGpu open(@Nullable String wanted, Optional<DeviceProfile.Limits> most) {
        var instance = new WgpuInstance();
        WgpuAdapter adapter;
        try {
            adapter = instance.choose(wanted);
        } catch (GpuException refused) {
            instance.close();
            throw refused;
        }
        return new WgpuGpu(instance, most.map(adapter::atMost).orElse(adapter));
    }

    private static boolean isChecked() {
        return "1".equals(System.getProperty("quern.wgpu.checked", System.getenv("QUERN_WGPU_CHECKED")));
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public Buffer buffer(String label, long bytes) {
        if (bytes <= 0 || bytes % 4 != 0) {
            throw invalid(
                    "The buffer \"" + label + "\" is to have " + bytes + " bytes; a positive multiple of 4 is wanted.");
        }
        long usage =
                WGPUBufferUsage.STORAGE | WGPUBufferUsage.UNIFORM | WGPUBufferUsage.COPY_DST | WGPUBufferUsage.COPY_SRC;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment descriptor = WGPUBufferDescriptor.allocate(arena);
            WGPUBufferDescriptor.label(descriptor, arena, label);
            WGPUBufferDescriptor.usage(descriptor, usage);
            WGPUBufferDescriptor.size(descriptor, bytes);
            MemorySegment handle = WebGpu.wgpuDeviceCreateBuffer(device.handle(), descriptor);
            device.errors().check("creating the buffer \"" + label + "\" of " + bytes + " bytes");
            var buffer = new WgpuBuffer(this, handle, label, bytes);
            buffers.add(buffer);
            return buffer;
        }
    }

    @Override
    public Texture texture(String label, int width, int height) {
        String attempted = "creating the texture \"" + label + "\" of " + width + " by " + height + " texels";
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment descriptor = WGPUTextureDescriptor.allocate(arena);
            WGPUTextureDescriptor.label(descriptor, arena, label);
            WGPUTextureDescriptor.usage(
                    descriptor,
                    WGPUTextureUsage.STORAGE_BINDING | WGPUTextureUsage.TEXTURE_BINDING | WGPUTextureUsage.COPY_DST);
            WGPUTextureDescriptor.dimension(descriptor, WGPUTextureDimension._2D);
            MemorySegment size = WGPUTextureDescriptor.size(descriptor);
            WGPUExtent3D.width(size, width);
            WGPUExtent3D.height(size, height);
            WGPUExtent3D.depthOrArrayLayers(size, 1);
            WGPUTextureDescriptor.format(descriptor, WGPUTextureFormat.RGBA32_UINT);
            WGPUTextureDescriptor.mipLevelCount(descriptor, 1);
            WGPUTextureDescriptor.sampleCount(descriptor, 1);
            MemorySegment handle = WebGpu.wgpuDeviceCreateTexture(device.handle(), descriptor);
            device.errors().check(attempted);
            MemorySegment view = WebGpu.wgpuTextureCreateView(handle, MemorySegment.NULL);
            device.errors().check(attempted);
            var texture = new WgpuTexture(this, handle, view, label, width, height);
            textures.add(texture);
            return texture;
        }
    }

    @Override
    public void write(Buffer buffer, long offset, ByteBuffer data) {
        queue.write(own(buffer), offset, data);
    }

    @Override
    public void write(Texture texture, int firstRow, int rows, ByteBuffer data) {
        queue.write(own(texture), firstRow, rows, data);
    }

    @Override
    public Pipeline pipeline(Kernel kernel) {
        return pipelines.create(kernel);
    }

    @Override
    public BindGroup bind(Pipeline pipeline, List<Binding> bindings) {
        return pipelines.bind(own(pipeline), bindings);
    }

    @Override
    public void run(List<Dispatch> dispatches) {
        queue.run(dispatches);
    }

    /** Whether {@link #time} works: it takes a device with timestamps inside passes. */
    public boolean canTime() {
        return device.hasTimestamps();
    }

    /**
     * Runs dispatches as {@link #run} does, waits, and tells how long each took on the device. Timestamps cost time
     * themselves and keep dispatches from overlapping: the parts can be compared, their sum is more than a run takes.
     *
     * @return nanoseconds, in the order of the dispatches
     * @throws GpuException of kind {@code VALIDATION}, if the device takes no timestamps or there are more than 4,095
     *     dispatches
     */
    public double[] time(List<Dispatch> dispatches) {
        if (!canTime()) {
            throw invalid(info.name() + " takes no timestamps inside passes, so dispatches cannot be timed on it.");
        }
        return new WgpuTimer(this, device, queue).time(dispatches);
    }

    @Override
    public void read(Buffer buffer, long offset, int bytes, Received then) {
        queue.read(own(buffer), offset, bytes, then);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        queue.close();
        pipelines.close();
        List.copyOf(buffers).forEach(WgpuBuffer::close);
        List.copyOf(textures).forEach(WgpuTexture::close);
        device.close();
        instance.close();
    }

    WgpuInstance instance() {
        return instance;
    }

    WgpuBuffer own(Buffer buffer) {
        if (buffer instanceof WgpuBuffer own && own.owner() == this) {
            return own;
        }
        throw new IllegalArgumentException("The buffer is of another device.");
    }

    WgpuTexture own(Texture texture) {
        if (texture instanceof WgpuTexture own && own.owner() == this) {
            return own;
        }
        throw new IllegalArgumentException("The texture is of another device.");
    }

    WgpuPipeline own(Pipeline pipeline) {
        if (pipeline instanceof WgpuPipeline own && own.owner() == this) {
            return own;
        }
        throw new IllegalArgumentException("The pipeline is of another device.");
    }

    void forget(WgpuBuffer buffer) {
        buffers.remove(buffer);
    }

    void forget(WgpuBindGroup group) {
        pipelines.forget(group);
    }

    void forget(WgpuTexture texture) {
        textures.remove(texture);
    }

    static GpuException invalid(String message) {
        return new GpuException(GpuException.Kind.VALIDATION, message);
    }
}
