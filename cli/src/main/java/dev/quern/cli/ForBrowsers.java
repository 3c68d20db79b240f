package dev.quern.cli;

import dev.quern.compiler.CompileOptions;
import dev.quern.plan.DeviceProfile;
import java.util.List;
import java.util.function.Function;

/**
 * What a bundle for browsers is compiled for. Whose browser it will be is not known: one plan fits every one, and the
 * others, for kinds of device that browsers have too, cost no weights.
 */
final class ForBrowsers {
    private ForBrowsers() {}

    /**
     * The plans.
     *
     * @param options for one kind of device
     */
    static CompileOptions plans(Function<DeviceProfile, CompileOptions> options) {
        return options.apply(DeviceProfile.PORTABLE).withOthers(List.of(DeviceProfile.CPU_SWIFTSHADER));
    }
}
