package dev.quern.runtime.wgpu;

import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WGPUCallbackMode;
import dev.quern.runtime.wgpu.ffi.WGPUDeviceDescriptor;
import dev.quern.runtime.wgpu.ffi.WGPUDeviceLostCallback;
import dev.quern.runtime.wgpu.ffi.WGPUDeviceLostCallbackInfo;
import dev.quern.runtime.wgpu.ffi.WGPUDeviceLostReason;
import dev.quern.runtime.wgpu.ffi.WGPUErrorType;
import dev.quern.runtime.wgpu.ffi.WGPUUncapturedErrorCallback;
import dev.quern.runtime.wgpu.ffi.WGPUUncapturedErrorCallbackInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Collects what the library reports of one device, and throws it where the call was made.
 *
 * <p>The library reports a refused call to a callback before the call returns. Nothing may be thrown through native
 * frames, so the first report is kept, and {@link #check} throws it right after the call, with the name of what was
 * attempted. A device may be lost at any time, from another thread; every check after that says so.
 */
final class WgpuErrors {
    private @Nullable Report report;
    private @Nullable String lost;
    private boolean closing;

    private record Report(GpuException.Kind kind, String message) {}

    /** Enters the two callbacks into a device's descriptor; the arena has to live as long as the device. */
    void install(MemorySegment descriptor, Arena arena) {
        MemorySegment uncaptured = WGPUDeviceDescriptor.uncapturedErrorCallbackInfo(descriptor);
        WGPUUncapturedErrorCallbackInfo.callback(
                uncaptured,
                WGPUUncapturedErrorCallback.stub(
                        arena, (device, type, message, userdata1, userdata2) -> record(type, message)));
        MemorySegment deviceLost = WGPUDeviceDescriptor.deviceLostCallbackInfo(descriptor);
        WGPUDeviceLostCallbackInfo.mode(deviceLost, WGPUCallbackMode.ALLOW_SPONTANEOUS);
        WGPUDeviceLostCallbackInfo.callback(
                deviceLost,
                WGPUDeviceLostCallback.stub(
                        arena, (device, reason, message, userdata1, userdata2) -> recordLoss(reason, message)));
    }

    synchronized void record(WGPUErrorType type, String message) {
        if (report == null) {
            report = new Report(kind(type), message);
        }
    }

    synchronized void recordLoss(WGPUDeviceLostReason reason, String message) {
        if (!closing && lost == null) {
            lost = reason.name().toLowerCase(Locale.ROOT) + (message.isBlank() ? "" : ": " + message.strip());
        }
    }

    /** The loss of the device that {@link WgpuGpu#close} itself causes is no error. */
    synchronized void close() {
        closing = true;
    }

    /** Whether something was reported since the last check. */
    synchronized boolean pending() {
        return report != null || lost != null;
    }

    /** Forgets what was reported, short of a loss. */
    synchronized void clear() {
        report = null;
    }

    /**
     * Throws what was reported since the last check.
     *
     * @param attempted what was being done, such as {@code creating the buffer "arena"}
     */
    synchronized void check(String attempted) {
        if (report == null && lost == null) {
            return;
        }
        Report first = report;
        report = null;
        if (lost != null) {
            throw new GpuException(
                    GpuException.Kind.DEVICE_LOST,
                    "The device was lost (" + lost + "), noticed when " + attempted + ".");
        }
        if (first != null) {
            throw new GpuException(
                    first.kind(),
                    heading(first.kind()) + " when " + attempted + ": "
                            + first.message().strip());
        }
    }

    private static String heading(GpuException.Kind kind) {
        return switch (kind) {
            case VALIDATION -> "The device refused what was asked";
            case OUT_OF_MEMORY -> "The device ran out of memory";
            case DEVICE_LOST -> "The device was lost";
            case NO_DEVICE -> "There is no device";
            case INTERNAL -> "The driver failed";
        };
    }

    private static GpuException.Kind kind(WGPUErrorType type) {
        return switch (type) {
            case VALIDATION -> GpuException.Kind.VALIDATION;
            case OUT_OF_MEMORY -> GpuException.Kind.OUT_OF_MEMORY;
            case INTERNAL, UNKNOWN, NO_ERROR -> GpuException.Kind.INTERNAL;
        };
    }
}
