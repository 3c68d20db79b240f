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
        subgroups(misfits, profile, device);
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

    private static void subgroups(List<String> misfits, DeviceProfile profile, DeviceInfo device) {
        int size = profile.subgroupSize();
        int min = device.minSubgroupSize();
        int max = device.maxSubgroupSize();
        boolean fits = size == 0
                || switch (profile.shape()) {
                    // Four invocations are a workgroup, so any subgroup that holds them all serves.
                    case FOUR_LANES -> min >= size;
                    case LANE_PER_ROW, WORKGROUP -> min == size && max == size;
                };
        if (!fits) {
            misfits.add(
                    "it needs subgroups of " + (profile.shape() == DeviceProfile.Shape.FOUR_LANES ? "at least " : "")
                            + size + ", the device offers " + (max == 0 ? "none" : min + " to " + max));
        }
    }

    /**
     * Whether the profile was made for such a device: a device can be able to run what is slow on it.
     *
     * @return false too where the device does not fit it
     */
    public static boolean isMadeFor(DeviceProfile profile, DeviceInfo device) {
        boolean made = switch (profile.shape()) {
            case LANE_PER_ROW -> device.kind() == DeviceInfo.Kind.CPU;
            case FOUR_LANES ->
                device.maxSubgroupSize() == profile.subgroupSize()
                        && (device.kind() == DeviceInfo.Kind.CPU
                                || device.name().contains("SwiftShader"));
            case WORKGROUP -> true;
        };
        return made && misfits(profile, device).isEmpty();
    }

    private static void limit(List<String> misfits, String name, long needed, long offered) {
        if (offered < needed) {
            misfits.add("it needs " + name + " " + needed + ", the device offers " + offered);
        }
    }

    /**
     * The most particular of all profiles that is made for such a device: what a model is compiled for where nobody
     * says otherwise. The portable one where there is none. Limits decide nothing, since a plan can be compiled for
     * smaller ones.
     */
    public static DeviceProfile best(DeviceInfo device) {
        return DeviceProfile.ALL.stream()
                .filter(profile -> isMadeFor(profile.atMost(device.limits()), device))
                .findFirst()
                .orElse(DeviceProfile.PORTABLE);
    }

    /**
     * The best profile with the limits of this very device in place of those that all such devices have: a matrix may
     * be as large as this device can bind, and states as long.
     */
    public static DeviceProfile fitted(DeviceInfo device) {
        DeviceProfile kind = best(device);
        return new DeviceProfile(
                kind.name() + "-fitted",
                kind.shape(),
                kind.placement(),
                kind.lanes(),
                kind.subgroupSize(),
                device.limits());
    }

    /**
     * The first profile that is made for the device, else the first that the device fits.
     *
     * @param profiles the preferred first
     * @throws GpuException if it fits none; the message says why, profile by profile
     */
    public static DeviceProfile choose(List<DeviceProfile> profiles, DeviceInfo device) {
        for (var profile : profiles) {
            if (isMadeFor(profile, device)) {
                return profile;
            }
        }
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
