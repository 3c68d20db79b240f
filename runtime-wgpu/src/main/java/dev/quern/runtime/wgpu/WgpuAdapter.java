package dev.quern.runtime.wgpu;

import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.wgpu.ffi.WGPUAdapterInfo;
import dev.quern.runtime.wgpu.ffi.WGPUAdapterType;
import dev.quern.runtime.wgpu.ffi.WGPUBackendType;
import dev.quern.runtime.wgpu.ffi.WGPUFeatureName;
import dev.quern.runtime.wgpu.ffi.WGPULimits;
import dev.quern.runtime.wgpu.ffi.WGPUNativeFeature;
import dev.quern.runtime.wgpu.ffi.WGPUStringView;
import dev.quern.runtime.wgpu.ffi.WGPUSupportedFeatures;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An adapter: a device that could be opened.
 *
 * @param handle the object of the library
 * @param info what the adapter states; it does not state the sizes of subgroups, which {@link SubgroupProbe} finds out
 * @param vendor the maker
 * @param features what it offers, as numbers of {@link WGPUFeatureName} and {@link WGPUNativeFeature}
 */
record WgpuAdapter(MemorySegment handle, DeviceInfo info, String vendor, List<Integer> features) {
    /** Features that are asked of a device where the adapter has them. */
    static final List<Integer> USED_FEATURES = List.of(
            WGPUNativeFeature.SUBGROUP.value(),
            WGPUFeatureName.SUBGROUPS.value(),
            WGPUNativeFeature.TEXTURE_ADAPTER_SPECIFIC_FORMAT_FEATURES.value(),
            WGPUFeatureName.TIMESTAMP_QUERY.value(),
            WGPUNativeFeature.TIMESTAMP_QUERY_INSIDE_PASSES.value());

    /** Asks the library what an adapter is; the result owns the handle. */
    static WgpuAdapter of(MemorySegment handle) {
        try (Arena arena = Arena.ofConfined()) {
            List<Integer> features = features(arena, handle);
            MemorySegment info = WGPUAdapterInfo.allocate(arena);
            WebGpu.wgpuAdapterGetInfo(handle, info);
            var description = new DeviceInfo(
                    WGPUStringView.text(WGPUAdapterInfo.device(info)),
                    kind(WGPUAdapterInfo.adapterType(info)),
                    backend(WGPUAdapterInfo.backendType(info)),
                    driver(info),
                    limits(arena, handle),
                    0,
                    0,
                    features.contains(WGPUNativeFeature.TEXTURE_ADAPTER_SPECIFIC_FORMAT_FEATURES.value()));
            String vendor = vendor(WGPUAdapterInfo.vendorID(info));
            WebGpu.wgpuAdapterInfoFreeMembers(info);
            return new WgpuAdapter(handle, description, vendor, features);
        }
    }

    /** The same device, which is to be opened with limits lowered to these. */
    WgpuAdapter atMost(DeviceProfile.Limits most) {
        DeviceInfo lowered = new DeviceInfo(
                info.name(),
                info.kind(),
                info.backend(),
                info.driver(),
                info.limits().atMost(most),
                info.minSubgroupSize(),
                info.maxSubgroupSize(),
                info.storageTextures());
        return new WgpuAdapter(handle, lowered, vendor, features);
    }

    /** Names of the features, as WebGPU spells them: {@code timestamp-query}. Unknown ones appear as numbers. */
    List<String> featureNames() {
        return features.stream().map(WgpuAdapter::featureName).sorted().toList();
    }

    boolean hasTimestamps() {
        return features.contains(WGPUFeatureName.TIMESTAMP_QUERY.value())
                && features.contains(WGPUNativeFeature.TIMESTAMP_QUERY_INSIDE_PASSES.value());
    }

    boolean hasSubgroups() {
        return features.contains(WGPUNativeFeature.SUBGROUP.value());
    }

    void release() {
        WebGpu.wgpuAdapterRelease(handle);
    }

    private static List<Integer> features(Arena arena, MemorySegment handle) {
        MemorySegment supported = WGPUSupportedFeatures.allocate(arena);
        WebGpu.wgpuAdapterGetFeatures(handle, supported);
        long count = WGPUSupportedFeatures.featureCount(supported);
        MemorySegment values = WGPUSupportedFeatures.features(supported).reinterpret(count * Integer.BYTES);
        var features = new ArrayList<Integer>();
        for (long i = 0; i < count; i++) {
            features.add(values.getAtIndex(ValueLayout.JAVA_INT, i));
        }
        WebGpu.wgpuSupportedFeaturesFreeMembers(supported);
        return List.copyOf(features);
    }

    private static String featureName(int value) {
        for (WGPUFeatureName name : WGPUFeatureName.values()) {
            if (name.value() == value) {
                return spelled(name.name());
            }
        }
        for (WGPUNativeFeature name : WGPUNativeFeature.values()) {
            if (name.value() == value) {
                return spelled(name.name());
            }
        }
        return "feature-" + value;
    }

    private static String spelled(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static DeviceProfile.Limits limits(Arena arena, MemorySegment handle) {
        MemorySegment limits = WGPULimits.allocate(arena);
        WebGpu.wgpuAdapterGetLimits(handle, limits);
        return new DeviceProfile.Limits(
                bytes(WGPULimits.maxStorageBufferBindingSize(limits)),
                bytes(WGPULimits.maxBufferSize(limits)),
                WGPULimits.maxComputeInvocationsPerWorkgroup(limits),
                WGPULimits.maxComputeWorkgroupStorageSize(limits),
                WGPULimits.maxTextureDimension2D(limits),
                WGPULimits.maxComputeWorkgroupsPerDimension(limits));
    }

    /** What a driver offers without a limit is cut to what every reader of JSON keeps exactly: a plan records it. */
    private static long bytes(long unsigned) {
        long most = (1L << 53) - 1;
        return unsigned < 0 ? most : Math.min(unsigned, most);
    }

    private static DeviceInfo.Kind kind(WGPUAdapterType type) {
        return switch (type) {
            case DISCRETE_GPU -> DeviceInfo.Kind.DISCRETE;
            case INTEGRATED_GPU -> DeviceInfo.Kind.INTEGRATED;
            case CPU -> DeviceInfo.Kind.CPU;
            case UNKNOWN -> DeviceInfo.Kind.UNKNOWN;
        };
    }

    private static String backend(WGPUBackendType type) {
        return switch (type) {
            case VULKAN -> "Vulkan";
            case METAL -> "Metal";
            case D3D12 -> "D3D12";
            case D3D11 -> "D3D11";
            case OPEN_GL -> "OpenGL";
            case OPEN_GLES -> "OpenGL ES";
            case WEB_GPU -> "WebGPU";
            case NULL, UNDEFINED -> "unknown";
        };
    }

    /** The driver's name, which the library gives as vendor, and the driver's own description. */
    private static String driver(MemorySegment info) {
        String name = WGPUStringView.text(WGPUAdapterInfo.vendor(info));
        String description = WGPUStringView.text(WGPUAdapterInfo.description(info));
        return (name + " " + description).strip();
    }

    /** The maker behind a number of the PCI registry, or of Khronos for software. */
    private static String vendor(int number) {
        return switch (number) {
            case 0x1002 -> "AMD";
            case 0x1010 -> "Imagination";
            case 0x106b -> "Apple";
            case 0x10de -> "NVIDIA";
            case 0x13b5 -> "Arm";
            case 0x1414 -> "Microsoft";
            case 0x14e4 -> "Broadcom";
            case 0x1ae0 -> "Google";
            case 0x5143 -> "Qualcomm";
            case 0x8086 -> "Intel";
            case 0x10005 -> "Mesa";
            default -> "vendor 0x" + Integer.toHexString(number);
        };
    }
}
