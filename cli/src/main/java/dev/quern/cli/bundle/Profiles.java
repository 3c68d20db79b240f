package dev.quern.cli.bundle;

import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.wgpu.WgpuDevices;
import java.util.List;
import java.util.Optional;

/** Chooses what to compile for. */
public final class Profiles {
    private Profiles() {}

    /**
     * The profile for the first device of this machine; the portable one where there is none, for bundles are also made
     * for elsewhere.
     */
    public static DeviceProfile ofThisMachine() {
        try {
            return WgpuDevices.list().stream()
                    .findFirst()
                    .map(device -> ProfileMatcher.best(device.info()))
                    .orElse(DeviceProfile.PORTABLE);
        } catch (GpuException e) {
            return DeviceProfile.PORTABLE;
        }
    }

    /** The profile of that name. */
    public static Optional<DeviceProfile> named(String name) {
        return DeviceProfile.ALL.stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst();
    }

    /** The names of all profiles. */
    public static List<String> names() {
        return DeviceProfile.ALL.stream().map(DeviceProfile::name).toList();
    }
}
