package dev.quern.runtime.wgpu;

import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WGPUChainedStruct;
import dev.quern.runtime.wgpu.ffi.WGPUInstanceBackend;
import dev.quern.runtime.wgpu.ffi.WGPUInstanceDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUInstanceEnumerateAdapterOptions;
import dev.quern.runtime.wgpu.ffi.WGPUInstanceExtras;
import dev.quern.runtime.wgpu.ffi.WGPUNativeSType;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The library's root object, and the adapters it knows. */
final class WgpuInstance implements AutoCloseable {
    private final MemorySegment handle;

    /**
     * Loads the library if need be, and makes an instance with the back ends that run compute well; OpenGL is not among
     * them.
     */
    WgpuInstance() {
        WgpuLibrary.load();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment extras = WGPUInstanceExtras.allocate(arena);
            WGPUChainedStruct.sType(WGPUInstanceExtras.chain(extras), WGPUNativeSType.INSTANCE_EXTRAS.value());
            WGPUInstanceExtras.backends(extras, WGPUInstanceBackend.PRIMARY);
            MemorySegment descriptor = WGPUInstanceDescriptor.allocate(arena);
            WGPUInstanceDescriptor.nextInChain(descriptor, extras);
            handle = WebGpu.wgpuCreateInstance(descriptor);
        }
    }

    MemorySegment handle() {
        return handle;
    }

    /** All adapters, the library's order; the caller releases each. */
    List<WgpuAdapter> adapters() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment options = WGPUInstanceEnumerateAdapterOptions.allocate(arena);
            WGPUInstanceEnumerateAdapterOptions.backends(options, WGPUInstanceBackend.PRIMARY);
            long count = WebGpu.wgpuInstanceEnumerateAdapters(handle, options, MemorySegment.NULL);
            MemorySegment handles = arena.allocate(ValueLayout.ADDRESS, Math.max(1, count));
            long found = Math.min(count, WebGpu.wgpuInstanceEnumerateAdapters(handle, options, handles));
            var adapters = new ArrayList<WgpuAdapter>();
            for (long i = 0; i < found; i++) {
                adapters.add(WgpuAdapter.of(handles.getAtIndex(ValueLayout.ADDRESS, i)));
            }
            return adapters;
        }
    }

    /**
     * The adapter to use; the others are released.
     *
     * @param wanted part of its name, or null for the one that promises most
     * @throws GpuException of kind {@code NO_DEVICE}, listing what there is
     */
    WgpuAdapter choose(@Nullable String wanted) {
        List<WgpuAdapter> adapters = adapters();
        WgpuAdapter chosen = adapters.stream()
                .filter(adapter -> wanted == null
                        || adapter.info().name().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT)))
                .min(Comparator.comparingInt(adapter -> rank(adapter.info().kind())))
                .orElse(null);
        for (WgpuAdapter adapter : adapters) {
            if (!adapter.equals(chosen)) {
                adapter.release();
            }
        }
        if (chosen != null) {
            return chosen;
        }
        if (adapters.isEmpty()) {
            throw new GpuException(
                    GpuException.Kind.NO_DEVICE,
                    "No GPU was found: the library sees no adapter through Vulkan, Metal or Direct3D 12. Install a driver; "
                            + "on Linux, Mesa's lavapipe (package mesa-vulkan-drivers) computes on the processor.");
        }
        throw new GpuException(
                GpuException.Kind.NO_DEVICE,
                "No adapter has \"" + wanted + "\" in its name. There are: "
                        + String.join(
                                ", ",
                                adapters.stream()
                                        .map(adapter -> adapter.info().name())
                                        .toList())
                        + ".");
    }

    private static int rank(DeviceInfo.Kind kind) {
        return switch (kind) {
            case DISCRETE -> 0;
            case INTEGRATED -> 1;
            case UNKNOWN -> 2;
            case CPU -> 3;
        };
    }

    @Override
    public void close() {
        WebGpu.wgpuInstanceRelease(handle);
    }
}
