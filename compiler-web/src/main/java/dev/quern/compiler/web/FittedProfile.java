package dev.quern.compiler.web;

import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.ProfileMatcher;
import java.util.stream.Collectors;

/** What a page compiles for. */
final class FittedProfile {
    private FittedProfile() {}

    /**
     * The profile that is meant for such devices, with the limits of this very one instead of those that all of them
     * have: a matrix may be as large as this device can bind.
     */
    static DeviceProfile of(DeviceInfo device) {
        DeviceProfile kind = ProfileMatcher.best(device);
        return new DeviceProfile(
                kind.name() + "-fitted",
                kind.shape(),
                kind.placement(),
                kind.lanes(),
                kind.subgroupSize(),
                device.limits());
    }

    /**
     * The profile of that name, as it is compiled for everywhere.
     *
     * @throws IllegalArgumentException if there is none
     */
    static DeviceProfile named(String name) {
        return DeviceProfile.ALL.stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no profile \"" + name + "\"; there are "
                        + DeviceProfile.ALL.stream().map(DeviceProfile::name).collect(Collectors.joining(", "))
                        + "."));
    }
}
