package dev.quern.compiler.web;

import dev.quern.plan.DeviceProfile;
import java.util.stream.Collectors;

/** A kind of device that a page compiles for by its name. */
final class NamedProfile {
    private NamedProfile() {}

    /**
     * The profile of that name, as it is compiled for everywhere.
     *
     * @throws IllegalArgumentException if there is none
     */
    static DeviceProfile of(String name) {
        return DeviceProfile.ALL.stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no profile \"" + name + "\"; there are "
                        + DeviceProfile.ALL.stream().map(DeviceProfile::name).collect(Collectors.joining(", "))
                        + "."));
    }
}
