package dev.quern.runtime.wgpu;

import dev.quern.runtime.Gpu;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A buffer of one device. */
final class WgpuBuffer implements Gpu.Buffer {
    private final WgpuGpu owner;
    private final MemorySegment handle;
    private final String label;
    private final long bytes;
    private final List<WgpuBindGroup> groups = new ArrayList<>();
    private boolean closed;

    WgpuBuffer(WgpuGpu owner, MemorySegment handle, String label, long bytes) {
        this.owner = owner;
        this.handle = handle;
        this.label = label;
        this.bytes = bytes;
    }

    WgpuGpu owner() {
        return owner;
    }

    /** The library's object; an error after {@link #close}. */
    MemorySegment handle() {
        if (closed) {
            throw new IllegalStateException("The buffer \"" + label + "\" is used after it was closed.");
        }
        return handle;
    }

    /** Notes that a group binds this, and ends with it. */
    void boundBy(WgpuBindGroup group) {
        groups.add(group);
    }

    String label() {
        return label;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            groups.forEach(group -> group.close("the buffer \"" + label + "\""));
            WebGpu.wgpuBufferDestroy(handle);
            WebGpu.wgpuBufferRelease(handle);
            owner.forget(this);
        }
    }
}
