package dev.quern.runtime.wgpu;

import dev.quern.runtime.Gpu;
import java.lang.foreign.MemorySegment;

/** Resources bound to the bindings of a pipeline. */
record WgpuBindGroup(WgpuGpu owner, MemorySegment handle) implements Gpu.BindGroup {}
