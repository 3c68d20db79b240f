package dev.quern.runtime.wgpu;

import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WGPUCallbackMode;
import dev.quern.runtime.wgpu.ffi.WGPUDeviceDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPULimits;
import dev.quern.runtime.wgpu.ffi.WGPURequestDeviceCallback;
import dev.quern.runtime.wgpu.ffi.WGPURequestDeviceCallbackInfo;
import dev.quern.runtime.wgpu.ffi.WGPURequestDeviceStatus;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** An open device: with the limits that its adapter was given, and those of its features that are of use. */
final class WgpuDevice {
    private final WgpuErrors errors;
    private final Arena arena;
    private final MemorySegment handle;
    private final boolean timestamps;

    private WgpuDevice(WgpuErrors errors, Arena arena, MemorySegment handle, boolean timestamps) {
        this.timestamps = timestamps;
        this.errors = errors;
        this.arena = arena;
        this.handle = handle;
    }

    /** Opens a device; the adapter is released, whatever happens. */
    static WgpuDevice open(WgpuInstance instance, WgpuAdapter adapter) {
        // Callbacks may come from threads of the driver, so the memory they touch is shared.
        Arena arena = Arena.ofShared();
        var errors = new WgpuErrors();
        try {
            MemorySegment descriptor = WGPUDeviceDescriptor.allocate(arena);
            WGPUDeviceDescriptor.label(descriptor, arena, "quern");
            int[] features = WgpuAdapter.USED_FEATURES.stream()
                    .filter(adapter.features()::contains)
                    .mapToInt(Integer::intValue)
                    .toArray();
            WGPUDeviceDescriptor.requiredFeatureCount(descriptor, features.length);
            WGPUDeviceDescriptor.requiredFeatures(descriptor, arena.allocateFrom(ValueLayout.JAVA_INT, features));
            MemorySegment limits = WGPULimits.allocate(arena);
            WebGpu.wgpuAdapterGetLimits(adapter.handle(), limits);
            lower(limits, adapter.info().limits());
            WGPUDeviceDescriptor.requiredLimits(descriptor, limits);
            errors.install(descriptor, arena);
            MemorySegment handle = request(instance, adapter, descriptor, arena);
            return new WgpuDevice(errors, arena, handle, adapter.hasTimestamps());
        } catch (GpuException refused) {
            arena.close();
            throw refused;
        } finally {
            adapter.release();
        }
    }

    /** The limits that are known by name are those that the adapter was given, which may be less than it could. */
    private static void lower(MemorySegment target, DeviceProfile.Limits limits) {
        WGPULimits.maxStorageBufferBindingSize(target, limits.maxStorageBufferBindingSize());
        WGPULimits.maxBufferSize(target, limits.maxBufferSize());
        WGPULimits.maxComputeInvocationsPerWorkgroup(target, limits.maxComputeInvocationsPerWorkgroup());
        WGPULimits.maxComputeWorkgroupStorageSize(target, limits.maxComputeWorkgroupStorageSize());
        WGPULimits.maxTextureDimension2D(target, limits.maxTextureDimension2D());
        WGPULimits.maxComputeWorkgroupsPerDimension(target, limits.maxComputeWorkgroupsPerDimension());
    }

    private static MemorySegment request(
            WgpuInstance instance, WgpuAdapter adapter, MemorySegment descriptor, Arena arena) {
        var answer = new Answer();
        MemorySegment callbackInfo = WGPURequestDeviceCallbackInfo.allocate(arena);
        WGPURequestDeviceCallbackInfo.mode(callbackInfo, WGPUCallbackMode.ALLOW_PROCESS_EVENTS);
        WGPURequestDeviceCallbackInfo.callback(callbackInfo, WGPURequestDeviceCallback.stub(arena, answer));
        WebGpu.wgpuAdapterRequestDevice(arena, adapter.handle(), descriptor, callbackInfo);
        while (answer.status == null) {
            WebGpu.wgpuInstanceProcessEvents(instance.handle());
        }
        if (answer.status != WGPURequestDeviceStatus.SUCCESS) {
            throw new GpuException(
                    GpuException.Kind.NO_DEVICE,
                    adapter.info().name() + " could not be opened: " + answer.message.strip());
        }
        return answer.device;
    }

    /** What the library answers to the request for a device. */
    private static final class Answer implements WGPURequestDeviceCallback {
        private volatile @Nullable WGPURequestDeviceStatus status;
        private MemorySegment device = MemorySegment.NULL;
        private String message = "";

        @Override
        public void call(
                WGPURequestDeviceStatus status,
                MemorySegment device,
                String message,
                MemorySegment userdata1,
                MemorySegment userdata2) {
            this.device = device;
            this.message = message;
            this.status = status;
        }
    }

    MemorySegment handle() {
        return handle;
    }

    WgpuErrors errors() {
        return errors;
    }

    boolean hasTimestamps() {
        return timestamps;
    }

    /** Waits until everything submitted is done. */
    void waitForAll() {
        WebGpu.wgpuDevicePoll(handle, true, MemorySegment.NULL);
    }

    void close() {
        errors.close();
        waitForAll();
        WebGpu.wgpuDeviceDestroy(handle);
        WebGpu.wgpuDeviceRelease(handle);
        arena.close();
    }
}
