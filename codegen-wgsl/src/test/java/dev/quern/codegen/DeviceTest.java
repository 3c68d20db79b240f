package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Encoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.DeviceProfile.Limits;
import dev.quern.plan.DeviceProfile.Shape;
import dev.quern.plan.Placement;
import dev.quern.reference.Numerics;
import dev.quern.reference.Tensor;
import dev.quern.runtime.wgpu.TestDevice;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/**
 * Tests that hold kernels on a device against the oracle. A class opens the device once. The measure of mutants leaves
 * them out.
 */
@Tag("device")
@AddLifecycleHook(NeedsDevice.class)
abstract class DeviceTest {
    /**
     * The largest normalised mean squared error that products and sums in single precision may have: an error of one
     * part in 100,000, a hundred times what a sum of a thousand roundings gives, and a hundred times less than the
     * eighth bit of a weight.
     */
    static final double LIMIT = 1e-10;

    /**
     * Of fewer elements all may by chance be sums that nearly cancel, or gates that are nearly shut, so that rounding
     * is large beside what is left. What is wrong is off by more than the limit that holds then.
     */
    private static final int FEW_ELEMENTS = 12;

    private static final double LIMIT_OF_FEW = 1e-6;

    private static @Nullable DispatchRunner runner;

    @BeforeContainer
    static void openDevice() {
        runner = new DispatchRunner(TestDevice.open());
    }

    @AfterContainer
    static void closeDevice() {
        if (runner != null) {
            runner.close();
            runner = null;
        }
    }

    static DispatchRunner runner() {
        if (runner == null) {
            throw new IllegalStateException("no device is open");
        }
        return runner;
    }

    /** Both shapes, both placements, several sizes of workgroups: more than the profiles that are offered. */
    @Provide
    static Arbitrary<DeviceProfile> profiles() {
        List<DeviceProfile> profiles = new ArrayList<>(DeviceProfile.ALL);
        for (Placement placement : Placement.values()) {
            profiles.add(profile(Shape.LANE_PER_ROW, placement, 8));
            profiles.add(profile(Shape.LANE_PER_ROW, placement, 64));
            profiles.add(profile(Shape.WORKGROUP, placement, 32));
            profiles.add(profile(Shape.WORKGROUP, placement, 64));
            profiles.add(profile(Shape.WORKGROUP, placement, 128));
        }
        return Arbitraries.of(profiles);
    }

    /** How states are kept. */
    @Provide
    static Arbitrary<Encoding> kept() {
        return Arbitraries.of(Encoding.Scalar.F16, Encoding.Scalar.F32, Encoding.Block.Q8_0);
    }

    private static DeviceProfile profile(Shape shape, Placement placement, int lanes) {
        String name = shape.text() + " " + placement.text() + " " + lanes;
        return new DeviceProfile(name, shape, placement, lanes, shape == Shape.LANE_PER_ROW ? 8 : 0, Limits.DEFAULT);
    }

    /** Runs a program on the device and on the oracle; every result of floats must be near. */
    static DispatchRunner.Outcome holds(Program program, DeviceProfile profile, double limit, int[]... extras) {
        return holds(program, runner().run(program, profile, extras), limit);
    }

    /** What a device computed; every result of floats must be near. */
    static DispatchRunner.Outcome holds(Program program, DispatchRunner.Outcome outcome, double limit) {
        program.expected().forEach((name, expected) -> near(name, expected, actual(outcome, name), limit));
        return outcome;
    }

    static Tensor actual(DispatchRunner.Outcome outcome, String name) {
        Tensor actual = outcome.values().get(name);
        if (actual == null) {
            throw new IllegalArgumentException("there is no result " + name);
        }
        return actual;
    }

    private static void near(String name, Tensor expected, Tensor actual, double limit) {
        double error = Numerics.nmse(expected.floats(), actual.floats());
        double allowed = expected.floats().length < FEW_ELEMENTS ? Math.max(limit, LIMIT_OF_FEW) : limit;
        assertTrue(
                error <= allowed, () -> name + " is off by an NMSE of " + error + ", and " + allowed + " is allowed");
    }
}
