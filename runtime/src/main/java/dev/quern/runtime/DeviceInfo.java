package dev.quern.runtime;

import dev.quern.plan.DeviceProfile;

/**
 * What a device is and can do.
 *
 * @param name as the driver calls it
 * @param kind what it is made of
 * @param backend the interface below WebGPU: {@code Vulkan}, {@code Metal}, {@code D3D12}
 * @param driver name and version
 * @param limits in WebGPU's terms
 * @param minSubgroupSize smallest subgroup, or 0 if the device offers no subgroups
 * @param maxSubgroupSize largest subgroup, or 0
 * @param storageTextures whether {@code rgba32uint} storage textures can be read
 */
public record DeviceInfo(
        String name,
        Kind kind,
        String backend,
        String driver,
        DeviceProfile.Limits limits,
        int minSubgroupSize,
        int maxSubgroupSize,
        boolean storageTextures) {

    /** What a device is made of. */
    public enum Kind {
        DISCRETE,
        INTEGRATED,
        CPU,
        UNKNOWN
    }
}
