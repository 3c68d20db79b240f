package dev.quern.runtime.wgpu;

import dev.quern.runtime.Gpu;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A texture of one device, with the one view by which it is bound. */
final class WgpuTexture implements Gpu.Texture {
    /** Bytes of a texel: four 32-bit numbers. */
    static final int TEXEL_BYTES = 16;

    private final WgpuGpu owner;
    private final MemorySegment handle;
    private final MemorySegment view;
    private final String label;
    private final int width;
    private final int height;
    private final List<WgpuBindGroup> groups = new ArrayList<>();
    private boolean closed;

    WgpuTexture(WgpuGpu owner, MemorySegment handle, MemorySegment view, String label, int width, int height) {
        this.owner = owner;
        this.handle = handle;
        this.view = view;
        this.label = label;
        this.width = width;
        this.height = height;
    }

    WgpuGpu owner() {
        return owner;
    }

    MemorySegment handle() {
        checkOpen();
        return handle;
    }

    MemorySegment view() {
        checkOpen();
        return view;
    }

    /** Notes that a group binds this, and ends with it. */
    void boundBy(WgpuBindGroup group) {
        groups.add(group);
    }

    String label() {
        return label;
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
        if (!closed) {
            closed = true;
            groups.forEach(group -> group.close("the texture \"" + label + "\""));
            WebGpu.wgpuTextureViewRelease(view);
            WebGpu.wgpuTextureDestroy(handle);
            WebGpu.wgpuTextureRelease(handle);
            owner.forget(this);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The texture \"" + label + "\" is used after it was closed.");
        }
    }
}
