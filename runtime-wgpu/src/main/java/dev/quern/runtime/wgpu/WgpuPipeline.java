package dev.quern.runtime.wgpu;

import dev.quern.plan.Kernel;
import dev.quern.runtime.Gpu;
import java.lang.foreign.MemorySegment;

/**
 * A compiled kernel.
 *
 * @param layout the library's description of its bindings; pipelines of like bindings share one
 */
record WgpuPipeline(WgpuGpu owner, Kernel kernel, MemorySegment handle, MemorySegment layout) implements Gpu.Pipeline {}
