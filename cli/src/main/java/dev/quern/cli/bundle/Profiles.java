package dev.quern.cli.bundle;

import dev.quern.cli.ir.IrException;
import dev.quern.cli.ir.ModuleSource;
import dev.quern.cli.terminal.Visible;
import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.wgpu.WgpuDevices;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Chooses what to compile for. */
public final class Profiles {
    private Profiles() {}

    /**
     * The profile for the first device of this machine; the portable one where there is none, for bundles are also made
     * for elsewhere.
     */
    public static DeviceProfile ofThisMachine() {
        return deviceOfThisMachine()
                .map(device -> ProfileMatcher.best(device.info()))
                .orElse(DeviceProfile.PORTABLE);
    }

    /** The first device of this machine, of whose memory nothing is known; none where there is none. */
    public static Optional<DeviceFile> deviceOfThisMachine() {
        try {
            return WgpuDevices.list().stream()
                    .findFirst()
                    .map(device -> new DeviceFile(device.info(), OptionalLong.empty()));
        } catch (GpuException e) {
            return Optional.empty();
        }
    }

    /** The profile of that name. */
    public static Optional<DeviceProfile> named(String name) {
        return DeviceProfile.ALL.stream()
                .filter(profile -> profile.name().equals(name))
                .findFirst();
    }

    /**
     * The profile that a graph's kernels are chosen for; where none are yet, the one for this machine.
     *
     * @throws IrException if the graph names a profile that there is not
     */
    public static DeviceProfile of(ModuleSource graph) {
        return graph.module().profile().map(name -> named(graph, name)).orElseGet(Profiles::ofThisMachine);
    }

    private static DeviceProfile named(ModuleSource graph, String name) {
        return named(name)
                .orElseThrow(() -> new IrException("The kernels of " + graph.name() + " are chosen for the profile '"
                        + Visible.line(name) + "', which there is not; there are " + String.join(", ", names()) + "."));
    }

    /** The names of all profiles. */
    public static List<String> names() {
        return DeviceProfile.ALL.stream().map(DeviceProfile::name).toList();
    }
}
