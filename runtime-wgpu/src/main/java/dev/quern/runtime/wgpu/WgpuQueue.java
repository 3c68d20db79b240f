package dev.quern.runtime.wgpu;

import dev.quern.runtime.Gpu;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WGPUBufferDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUBufferMapCallback;
import dev.quern.runtime.wgpu.ffi.WGPUBufferMapCallbackInfo;
import dev.quern.runtime.wgpu.ffi.WGPUBufferUsage;
import dev.quern.runtime.wgpu.ffi.WGPUCallbackMode;
import dev.quern.runtime.wgpu.ffi.WGPUExtent3D;
import dev.quern.runtime.wgpu.ffi.WGPUFuture;
import dev.quern.runtime.wgpu.ffi.WGPUMapAsyncStatus;
import dev.quern.runtime.wgpu.ffi.WGPUMapMode;
import dev.quern.runtime.wgpu.ffi.WGPUOrigin3D;
import dev.quern.runtime.wgpu.ffi.WGPUTexelCopyBufferLayout;
import dev.quern.runtime.wgpu.ffi.WGPUTexelCopyTextureInfo;
import dev.quern.runtime.wgpu.ffi.WGPUTextureAspect;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes, runs and reads, in the order of the calls.
 *
 * <p>All native memory that a run needs is allocated once, here: a run per token allocates none.
 */
final class WgpuQueue {
    /** Bytes that may be written before the library is made to pass them on; it keeps a copy of each until then. */
    private static final long PENDING_LIMIT = 64L << 20;

    /** Bytes of one write from data on the Java heap, which goes through a buffer of this size. */
    private static final int HEAP_CHUNK = 1 << 20;

    private final MemorySegment device;
    private final WgpuErrors errors;
    private final WgpuGpu gpu;
    private final WgpuDevice owner;
    private final MemorySegment queue;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment commandBuffers = arena.allocate(ValueLayout.ADDRESS);
    private final SegmentAllocator futures = SegmentAllocator.prefixAllocator(arena.allocate(WGPUFuture.LAYOUT));
    private final MemorySegment mapCallback = WGPUBufferMapCallbackInfo.allocate(arena);
    private final MemorySegment textureTarget = WGPUTexelCopyTextureInfo.allocate(arena);
    private final MemorySegment textureLayout = WGPUTexelCopyBufferLayout.allocate(arena);
    private final MemorySegment textureExtent = WGPUExtent3D.allocate(arena);
    private @Nullable MemorySegment heapChunk;
    private MemorySegment staging = MemorySegment.NULL;
    private long stagingBytes;
    private long pendingBytes;
    private volatile @Nullable WGPUMapAsyncStatus mapStatus;
    private String mapMessage = "";

    WgpuQueue(WgpuGpu gpu, WgpuDevice owner) {
        this.gpu = gpu;
        this.owner = owner;
        device = owner.handle();
        errors = owner.errors();
        queue = WebGpu.wgpuDeviceGetQueue(device);
        WGPUBufferMapCallbackInfo.mode(mapCallback, WGPUCallbackMode.ALLOW_PROCESS_EVENTS);
        WGPUBufferMapCallbackInfo.callback(
                mapCallback, WGPUBufferMapCallback.stub(arena, (status, message, userdata1, userdata2) -> {
                    mapMessage = message;
                    mapStatus = status;
                }));
    }

    void write(WgpuBuffer buffer, long offset, ByteBuffer data) {
        int bytes = data.remaining();
        checkRange("writing to", buffer, offset, bytes);
        String attempted = "writing " + bytes + " bytes at " + offset + " of the buffer \"" + buffer.label() + "\"";
        MemorySegment source = MemorySegment.ofBuffer(data);
        if (source.isNative()) {
            WebGpu.wgpuQueueWriteBuffer(queue, buffer.handle(), offset, source, bytes);
        } else {
            MemorySegment chunk = heapChunk();
            for (long done = 0; done < bytes; done += HEAP_CHUNK) {
                long length = Math.min(HEAP_CHUNK, bytes - done);
                MemorySegment.copy(source, done, chunk, 0, length);
                WebGpu.wgpuQueueWriteBuffer(queue, buffer.handle(), offset + done, chunk, length);
            }
        }
        errors.check(attempted);
        wrote(bytes);
    }

    void write(WgpuTexture texture, int firstRow, int rows, ByteBuffer data) {
        int rowBytes = texture.width() * WgpuTexture.TEXEL_BYTES;
        String attempted =
                "writing " + rows + " rows from row " + firstRow + " of the texture \"" + texture.label() + "\"";
        if (firstRow < 0 || rows < 0 || firstRow + rows > texture.height()) {
            throw WgpuGpu.invalid(
                    "Rows are out of range when " + attempted + ", which has " + texture.height() + " rows.");
        }
        if (data.remaining() != (long) rows * rowBytes) {
            throw WgpuGpu.invalid("There are " + data.remaining() + " bytes when " + attempted + "; rows of "
                    + texture.width() + " texels take " + (long) rows * rowBytes + ".");
        }
        MemorySegment source = MemorySegment.ofBuffer(data);
        if (source.isNative()) {
            writeRows(texture, firstRow, rows, source);
        } else {
            MemorySegment chunk = heapChunk();
            int rowsAtOnce = HEAP_CHUNK / rowBytes;
            for (int done = 0; done < rows; done += rowsAtOnce) {
                int count = Math.min(rowsAtOnce, rows - done);
                MemorySegment.copy(source, (long) done * rowBytes, chunk, 0, (long) count * rowBytes);
                writeRows(texture, firstRow + done, count, chunk.asSlice(0, (long) count * rowBytes));
            }
        }
        errors.check(attempted);
        wrote(data.remaining());
    }

    private void writeRows(WgpuTexture texture, int firstRow, int rows, MemorySegment data) {
        WGPUTexelCopyTextureInfo.texture(textureTarget, texture.handle());
        WGPUTexelCopyTextureInfo.aspect(textureTarget, WGPUTextureAspect.ALL);
        WGPUOrigin3D.y(WGPUTexelCopyTextureInfo.origin(textureTarget), firstRow);
        WGPUTexelCopyBufferLayout.bytesPerRow(textureLayout, texture.width() * WgpuTexture.TEXEL_BYTES);
        WGPUTexelCopyBufferLayout.rowsPerImage(textureLayout, rows);
        WGPUExtent3D.width(textureExtent, texture.width());
        WGPUExtent3D.height(textureExtent, rows);
        WGPUExtent3D.depthOrArrayLayers(textureExtent, 1);
        WebGpu.wgpuQueueWriteTexture(queue, textureTarget, data, data.byteSize(), textureLayout, textureExtent);
    }

    /** Passes written data on before too much of it waits in copies. */
    private void wrote(long bytes) {
        pendingBytes += bytes;
        if (pendingBytes >= PENDING_LIMIT) {
            WebGpu.wgpuQueueSubmitForIndex(queue, 0, MemorySegment.NULL);
            owner.waitForAll();
            pendingBytes = 0;
        }
    }

    private MemorySegment heapChunk() {
        MemorySegment chunk = heapChunk;
        if (chunk == null) {
            chunk = arena.allocate(HEAP_CHUNK, 16);
            heapChunk = chunk;
        }
        return chunk;
    }

    void run(List<Gpu.Dispatch> dispatches) {
        for (int i = 0; i < dispatches.size(); i++) {
            bindings(dispatches.get(i)).check(gpu);
        }
        MemorySegment commands = encode(dispatches, MemorySegment.NULL, MemorySegment.NULL);
        if (errors.pending()) {
            release(commands);
            throw refused(dispatches);
        }
        submit(commands);
        errors.check("submitting " + dispatches.size() + " dispatches");
    }

    private static WgpuBindGroup bindings(Gpu.Dispatch dispatch) {
        if (dispatch.bindings() instanceof WgpuBindGroup own) {
            return own;
        }
        throw new IllegalArgumentException(
                "The bindings of the step \"" + dispatch.label() + "\" are of another kind of device.");
    }

    /** Runs dispatches with timestamps around each, and copies these, 64 bits each, to a buffer. */
    void runTimed(List<Gpu.Dispatch> dispatches, MemorySegment times, MemorySegment resolved) {
        dispatches.forEach(dispatch -> bindings(dispatch).check(gpu));
        MemorySegment commands = encode(dispatches, times, resolved);
        if (errors.pending()) {
            release(commands);
            throw refused(dispatches);
        }
        submit(commands);
        errors.check("timing " + dispatches.size() + " dispatches");
    }

    MemorySegment handle() {
        return queue;
    }

    /** A command buffer with all dispatches in one pass; with timestamps, unless {@code times} is null. */
    private MemorySegment encode(List<Gpu.Dispatch> dispatches, MemorySegment times, MemorySegment resolved) {
        boolean timed = times.address() != 0;
        MemorySegment encoder = WebGpu.wgpuDeviceCreateCommandEncoder(device, MemorySegment.NULL);
        MemorySegment pass = WebGpu.wgpuCommandEncoderBeginComputePass(encoder, MemorySegment.NULL);
        if (timed) {
            WebGpu.wgpuComputePassEncoderWriteTimestamp(pass, times, 0);
        }
        long pipeline = 0;
        for (int i = 0; i < dispatches.size(); i++) {
            Gpu.Dispatch dispatch = dispatches.get(i);
            MemorySegment next = gpu.own(dispatch.pipeline()).handle();
            if (next.address() != pipeline) {
                WebGpu.wgpuComputePassEncoderSetPipeline(pass, next);
                pipeline = next.address();
            }
            MemorySegment group = bindings(dispatch).handle();
            WebGpu.wgpuComputePassEncoderSetBindGroup(pass, 0, group, 0, MemorySegment.NULL);
            WebGpu.wgpuComputePassEncoderDispatchWorkgroups(pass, dispatch.x(), dispatch.y(), dispatch.z());
            if (timed) {
                WebGpu.wgpuComputePassEncoderWriteTimestamp(pass, times, i + 1);
            }
        }
        WebGpu.wgpuComputePassEncoderEnd(pass);
        WebGpu.wgpuComputePassEncoderRelease(pass);
        if (timed) {
            WebGpu.wgpuCommandEncoderResolveQuerySet(encoder, times, 0, dispatches.size() + 1, resolved, 0);
        }
        MemorySegment commands = WebGpu.wgpuCommandEncoderFinish(encoder, MemorySegment.NULL);
        WebGpu.wgpuCommandEncoderRelease(encoder);
        return commands;
    }

    /**
     * The exception for a refused list of dispatches. The library says what is wrong, but of which dispatch it cannot
     * say more than the kernel; so each is encoded again by itself, without being run, until one is refused.
     */
    private GpuException refused(List<Gpu.Dispatch> dispatches) {
        GpuException whole = caught("encoding " + dispatches.size() + " dispatches");
        if (whole.kind() == GpuException.Kind.DEVICE_LOST) {
            return whole;
        }
        for (Gpu.Dispatch dispatch : dispatches) {
            MemorySegment commands = encode(List.of(dispatch), MemorySegment.NULL, MemorySegment.NULL);
            release(commands);
            if (errors.pending()) {
                return caught("encoding the step \"" + dispatch.label() + "\" with the kernel \""
                        + dispatch.pipeline().kernel().name() + "\"");
            }
        }
        return whole;
    }

    /** Releases commands that are not submitted; of refused ones there may be no object. */
    private static void release(MemorySegment commands) {
        if (commands.address() != 0) {
            WebGpu.wgpuCommandBufferRelease(commands);
        }
    }

    private GpuException caught(String attempted) {
        try {
            errors.check(attempted);
        } catch (GpuException reported) {
            return reported;
        }
        throw new IllegalStateException("An error was pending and is not any more.");
    }

    private void submit(MemorySegment commands) {
        commandBuffers.set(ValueLayout.ADDRESS, 0, commands);
        WebGpu.wgpuQueueSubmitForIndex(queue, 1, commandBuffers);
        WebGpu.wgpuCommandBufferRelease(commands);
        pendingBytes = 0;
    }

    void read(WgpuBuffer buffer, long offset, int bytes, Gpu.Received then) {
        checkRange("reading from", buffer, offset, bytes);
        String attempted = "reading " + bytes + " bytes at " + offset + " of the buffer \"" + buffer.label() + "\"";
        if (bytes == 0) {
            then.accept(ByteBuffer.allocate(0));
            return;
        }
        growStaging(bytes);
        MemorySegment encoder = WebGpu.wgpuDeviceCreateCommandEncoder(device, MemorySegment.NULL);
        WebGpu.wgpuCommandEncoderCopyBufferToBuffer(encoder, buffer.handle(), offset, staging, 0, bytes);
        MemorySegment commands = WebGpu.wgpuCommandEncoderFinish(encoder, MemorySegment.NULL);
        WebGpu.wgpuCommandEncoderRelease(encoder);
        errors.check(attempted);
        submit(commands);
        errors.check(attempted);
        mapStatus = null;
        WebGpu.wgpuBufferMapAsync(futures, staging, WGPUMapMode.READ, 0, bytes, mapCallback);
        owner.waitForAll();
        errors.check(attempted);
        if (mapStatus != WGPUMapAsyncStatus.SUCCESS) {
            throw new GpuException(
                    GpuException.Kind.INTERNAL,
                    "The data could not be mapped (" + mapStatus + ") when " + attempted + ": " + mapMessage);
        }
        try {
            MemorySegment mapped =
                    WebGpu.wgpuBufferGetConstMappedRange(staging, 0, bytes).reinterpret(bytes);
            then.accept(mapped.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        } finally {
            WebGpu.wgpuBufferUnmap(staging);
        }
    }

    /** Makes the buffer that reads go through at least so large; it only grows. */
    private void growStaging(int bytes) {
        if (bytes <= stagingBytes) {
            return;
        }
        releaseStaging();
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment descriptor = WGPUBufferDescriptor.allocate(temporary);
            WGPUBufferDescriptor.label(descriptor, temporary, "reading");
            WGPUBufferDescriptor.usage(descriptor, WGPUBufferUsage.MAP_READ | WGPUBufferUsage.COPY_DST);
            WGPUBufferDescriptor.size(descriptor, bytes);
            staging = WebGpu.wgpuDeviceCreateBuffer(device, descriptor);
            errors.check("creating a buffer of " + bytes + " bytes to read through");
            stagingBytes = bytes;
        }
    }

    private void releaseStaging() {
        if (stagingBytes > 0) {
            WebGpu.wgpuBufferDestroy(staging);
            WebGpu.wgpuBufferRelease(staging);
            stagingBytes = 0;
        }
    }

    private static void checkRange(String attempted, WgpuBuffer buffer, long offset, int bytes) {
        if (offset < 0 || offset % 4 != 0 || bytes % 4 != 0 || offset + bytes > buffer.bytes()) {
            throw WgpuGpu.invalid("Bytes " + offset + " to " + (offset + bytes) + " were asked for when " + attempted
                    + " the buffer \"" + buffer.label() + "\", which has " + buffer.bytes()
                    + " bytes; both ends have to be multiples of 4 within it.");
        }
    }

    void close() {
        owner.waitForAll();
        releaseStaging();
        WebGpu.wgpuQueueRelease(queue);
        arena.close();
    }
}
