package dev.quern.runtime;

import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Placement;
import java.util.ArrayList;
import java.util.List;

/** Decides which device profiles a device fits. */
public final class ProfileMatcher {
    private ProfileMatcher() {}

    /** Why the device does not fit the profile, in sentences; empty if it does. */
    public static List<String> misfits(DeviceProfile profile, DeviceInfo device) {
        var misfits = new ArrayList<String>();
        int subgroup = profile.subgroupSize();
        if (subgroup > 0 && (device.minSubgroupSize() != subgroup || device.maxSubgroupSize() != subgroup)) {
            misfits.add("it needs subgroups of " + subgroup + ", the device offers "
                    + (device.maxSubgroupSize() == 0
                            ? "none"
                            : device.minSubgroupSize() + " to " + device.maxSubgroupSize()));
        }
        if (profile.placement() == Placement.TEXTURE && !device.storageTextures()) {
            misfits.add("it needs storage textures of rgba32uint, the device offers none");
        }
        var needed = profile.limits();
        var offered = device.limits();
        limit(
                misfits,
                "maxStorageBufferBindingSize",
                needed.maxStorageBufferBindingSize(),
                offered.maxStorageBufferBindingSize());
        limit(misfits, "maxBufferSize", needed.maxBufferSize(), offered.maxBufferSize());
        limit(
                misfits,
                "maxComputeInvocationsPerWorkgroup",
                needed.maxComputeInvocationsPerWorkgroup(),
                offered.maxComputeInvocationsPerWorkgroup());
        limit(
                misfits,
                "maxComputeWorkgroupStorageSize",
                needed.maxComputeWorkgroupStorageSize(),
                offered.maxComputeWorkgroupStorageSize());
        limit(misfits, "maxTextureDimension2D", needed.maxTextureDimension2D(), offered.maxTextureDimension2D());
        limit(
                misfits,
                "maxComputeWorkgroupsPerDimension",
                needed.maxComputeWorkgroupsPerDimension(),
                offered.maxComputeWorkgroupsPerDimension());
        return List.copyOf(misfits);
    }

    private static void limit(List<String> misfits, String name, long needed, long offered) {
        if (offered < needed) {
            misfits.add("it needs " + name + " " + needed + ", the device offers " + offered);
        }
    }

    /**
     * The most particular of all profiles that is meant for such a device: what a model is compiled for where nobody says otherwise. The portable
     * one where there is none.
     */
    public static DeviceProfile best(DeviceInfo device) {
        return DeviceProfile.ALL.stream()
                .filter(profile -> isMeantFor(profile, device))
                .findFirst()
                .orElse(DeviceProfile.PORTABLE);
    }

    /** A device that only happens to have subgroups of the right size is not made of the same stuff. */
    private static boolean isMeantFor(DeviceProfile profile, DeviceInfo device) {
        boolean kind = switch (profile.shape()) {
            case LANE_PER_ROW -> device.kind() == DeviceInfo.Kind.CPU;
            case WORKGROUP -> true;
        };
        return kind && misfits(profile, device).isEmpty();
    }

    /**
     * The first profile that the device fits.
     *
     * @param profiles the preferred first
     * @throws GpuException if it fits none; the message says why, profile by profile
     */
    public static DeviceProfile choose(List<DeviceProfile> profiles, DeviceInfo device) {
        var reasons = new ArrayList<String>();
        for (var profile : profiles) {
            var misfits = misfits(profile, device);
            if (misfits.isEmpty()) {
                return profile;
            }
            reasons.add(profile.name() + ": " + String.join(", ", misfits));
        }
        throw new GpuException(
                GpuException.Kind.NO_DEVICE,
                "The bundle has no plan that fits the device " + device.name() + ". " + String.join("; ", reasons)
                        + ". Compile the model again with a profile that fits, such as --profile "
                        + DeviceProfile.PORTABLE.name() + ", or choose another device.");
    }
}
