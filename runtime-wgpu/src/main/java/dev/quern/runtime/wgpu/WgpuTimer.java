package dev.quern.runtime.wgpu;

import dev.quern.runtime.Gpu;
import dev.quern.runtime.wgpu.ffi.WGPUBufferDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUBufferUsage;
import dev.quern.runtime.wgpu.ffi.WGPUQuerySetDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUQueryType;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Measures on the device how long each dispatch of a list takes: a timestamp is taken before the first and after each.
 *
 * <p>Timestamps keep a device from overlapping dispatches, and cost time themselves; so the sum is more than the list
 * takes in a run, and what counts is how the parts compare.
 */
final class WgpuTimer {
    /** Timestamps that one set holds, by WebGPU's rules. */
    private static final int LARGEST_SET = 4096;

    private final WgpuGpu gpu;
    private final WgpuDevice device;
    private final WgpuQueue queue;

    WgpuTimer(WgpuGpu gpu, WgpuDevice device, WgpuQueue queue) {
        this.gpu = gpu;
        this.device = device;
        this.queue = queue;
    }

    /** Runs the dispatches and waits; the nanoseconds of each, in their order. */
    double[] time(List<Gpu.Dispatch> dispatches) {
        int count = dispatches.size() + 1;
        if (count > LARGEST_SET) {
            throw WgpuGpu.invalid("At most " + (LARGEST_SET - 1) + " dispatches can be timed at once; there are "
                    + dispatches.size() + ".");
        }
        String attempted = "timing " + dispatches.size() + " dispatches";
        long bytes = (long) count * Long.BYTES;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment descriptor = WGPUQuerySetDescriptor.allocate(arena);
            WGPUQuerySetDescriptor.label(descriptor, arena, "timer");
            WGPUQuerySetDescriptor.type(descriptor, WGPUQueryType.TIMESTAMP);
            WGPUQuerySetDescriptor.count(descriptor, count);
            MemorySegment times = WebGpu.wgpuDeviceCreateQuerySet(device.handle(), descriptor);
            device.errors().check(attempted);
            WgpuBuffer resolved = resolveBuffer(arena, bytes);
            try {
                queue.runTimed(dispatches, times, resolved.handle());
                var nanoseconds = new double[dispatches.size()];
                double period = WebGpu.wgpuQueueGetTimestampPeriod(queue.handle());
                queue.read(resolved, 0, (int) bytes, data -> {
                    long before = data.getLong();
                    for (int i = 0; i < nanoseconds.length; i++) {
                        long after = data.getLong();
                        nanoseconds[i] = (after - before) * period;
                        before = after;
                    }
                });
                return nanoseconds;
            } finally {
                resolved.close();
                WebGpu.wgpuQuerySetRelease(times);
            }
        }
    }

    private WgpuBuffer resolveBuffer(Arena arena, long bytes) {
        MemorySegment descriptor = WGPUBufferDescriptor.allocate(arena);
        WGPUBufferDescriptor.label(descriptor, arena, "times");
        WGPUBufferDescriptor.usage(descriptor, WGPUBufferUsage.QUERY_RESOLVE | WGPUBufferUsage.COPY_SRC);
        WGPUBufferDescriptor.size(descriptor, bytes);
        MemorySegment handle = WebGpu.wgpuDeviceCreateBuffer(device.handle(), descriptor);
        device.errors().check("creating the buffer \"times\" of " + bytes + " bytes");
        return new WgpuBuffer(gpu, handle, "times", bytes);
    }
}
