package dev.quern.codegen;

import dev.quern.runtime.wgpu.TestDevice;
import java.util.Objects;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.opentest4j.TestAbortedException;

/**
 * Skips properties, with the reason, where there is no device. In continuous integration they are not skipped, and fail
 * when they open one.
 */
public final class NeedsDevice implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        try {
            TestDevice.open().close();
            return SkipResult.doNotSkip();
        } catch (TestAbortedException noDevice) {
            return SkipResult.skip(Objects.toString(noDevice.getMessage(), "no device"));
        } catch (AssertionError failure) {
            return SkipResult.doNotSkip();
        }
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.NO_DESCENDANTS;
    }
}
