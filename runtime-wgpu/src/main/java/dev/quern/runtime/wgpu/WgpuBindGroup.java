package dev.quern.runtime.wgpu;

import dev.quern.runtime.Gpu;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Resources bound to the bindings of a pipeline.
 *
 * <p>It ends with the first of its resources that is closed: the library stops the whole process when commands that use
 * a destroyed buffer are submitted, so that must not come to pass.
 */
final class WgpuBindGroup implements Gpu.BindGroup {
    private final WgpuGpu owner;
    private final MemorySegment handle;
    private final String kernel;
    private @Nullable String closedBy;

    WgpuBindGroup(WgpuGpu owner, MemorySegment handle, String kernel) {
        this.owner = owner;
        this.handle = handle;
        this.kernel = kernel;
    }

    MemorySegment handle() {
        return handle;
    }

    /** Checks that the resources can be used on a device. */
    void check(WgpuGpu gpu) {
        if (owner != gpu) {
            throw new IllegalArgumentException(
                    "The resources bound to the kernel \"" + kernel + "\" are of another device.");
        }
        if (closedBy != null) {
            throw new IllegalStateException(
                    "The resources bound to the kernel \"" + kernel + "\" are used after " + closedBy + " was closed.");
        }
    }

    /**
     * Releases the library's object; nothing more is done the second time.
     *
     * @param cause what was closed, such as {@code the buffer "arena"}
     */
    void close(String cause) {
        if (closedBy == null) {
            closedBy = cause;
            WebGpu.wgpuBindGroupRelease(handle);
            owner.forget(this);
        }
    }
}
