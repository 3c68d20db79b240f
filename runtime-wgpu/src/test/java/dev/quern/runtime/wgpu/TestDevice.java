package dev.quern.runtime.wgpu;

import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.GpuException;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Opens the device on which tests run. */
public final class TestDevice {
    private TestDevice() {}

    /**
     * An open device; the caller closes it. Where there is none, the test is skipped with the reason, but fails in
     * continuous integration (where the environment has {@code CI}): a check that silently stopped checking would be
     * worse than none.
     */
    public static WgpuGpu open() {
        return open(Optional.empty());
    }

    /** The same device, on which nothing larger than these limits can be bound. */
    public static WgpuGpu open(Optional<DeviceProfile.Limits> most) {
        try {
            return WgpuGpu.open(most);
        } catch (GpuException problem) {
            if (problem.kind() != GpuException.Kind.NO_DEVICE) {
                throw problem;
            }
            if (System.getenv("CI") != null) {
                Assertions.fail("Tests need a device in continuous integration. " + problem.getMessage());
            }
            Assumptions.abort("No device: " + problem.getMessage());
            throw problem;
        }
    }
}
