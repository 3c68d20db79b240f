package dev.quern.runtime.wgpu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.Kernel;
import dev.quern.plan.Kernel.Access;
import dev.quern.runtime.Gpu;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WGPUDeviceLostReason;
import dev.quern.runtime.wgpu.ffi.WGPUErrorType;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * What a device refuses becomes an exception where it was asked, with the name of what was asked; and the device lives
 * on.
 */
class WgpuErrorsTest {
    private WgpuGpu gpu;

    @BeforeEach
    void open() {
        gpu = TestDevice.open();
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    @Test
    void aKernelThatIsNotWgslIsNamed() {
        Kernel broken = TestKernels.kernel("broken", List.of(), "@compute @workgroup_size(1) fn main() { let x = ; }");
        refused(() -> gpu.pipeline(broken), "compiling the kernel \"broken\"", "expected expression");
    }

    @Test
    void aKernelThatUsesAnUnboundBindingIsNamed() {
        Kernel unbound = TestKernels.kernel("unbound", List.of(Access.READ), TestKernels.DOUBLE.source());
        refused(() -> gpu.pipeline(unbound), "compiling the kernel \"unbound\"", "binding");
    }

    @Test
    void aMissingEntryPointIsNamed() {
        Kernel other =
                new Kernel("other", "absent", TestKernels.DOUBLE.bindings(), List.of(), TestKernels.DOUBLE.source());
        refused(() -> gpu.pipeline(other), "compiling the kernel \"other\"", "absent");
    }

    @Test
    void theWrongNumberOfResourcesIsRefused() {
        Gpu.Pipeline pipeline = gpu.pipeline(TestKernels.DOUBLE);
        Gpu.Buffer buffer = gpu.buffer("alone", 256);
        refused(
                () -> gpu.bind(pipeline, List.of(new Gpu.Binding.OfBuffer(buffer, 0, 256))),
                "The kernel \"double\" has 2 bindings",
                "but 1 resources were given");
    }

    @Test
    void aBindingBeyondTheBufferIsRefused() {
        Gpu.Pipeline pipeline = gpu.pipeline(TestKernels.STEP);
        Gpu.Buffer buffer = gpu.buffer("small", 256);
        refused(
                () -> gpu.bind(pipeline, List.of(new Gpu.Binding.OfBuffer(buffer, 0, 512))),
                "binding resources to the kernel \"step\"",
                "small");
    }

    @Test
    void aDispatchThatIsTooLargeIsNamedByItsStep() {
        Gpu.Pipeline step = gpu.pipeline(TestKernels.STEP);
        Gpu.Buffer state = gpu.buffer("state", 256);
        Gpu.BindGroup group = gpu.bind(step, List.of(new Gpu.Binding.OfBuffer(state, 0, 256)));
        int tooMany = gpu.info().limits().maxComputeWorkgroupsPerDimension() + 1;
        refused(
                () -> gpu.run(List.of(
                        new Gpu.Dispatch("layer 0, attention", step, group, 1, 1, 1),
                        new Gpu.Dispatch("layer 0, output", step, group, tooMany, 1, 1))),
                "encoding the step \"layer 0, output\" with the kernel \"step\"",
                String.valueOf(tooMany));
        gpu.read(state, 0, 4, data -> assertEquals(0, data.getInt(), "nothing of a refused run is done"));
    }

    @Test
    void oneBufferReadAndWrittenInADispatchIsNamedByItsStep() {
        Gpu.Pipeline pipeline = gpu.pipeline(TestKernels.DOUBLE);
        Gpu.Buffer buffer = gpu.buffer("both", 1024);
        Gpu.BindGroup group = gpu.bind(
                pipeline,
                List.of(new Gpu.Binding.OfBuffer(buffer, 0, 256), new Gpu.Binding.OfBuffer(buffer, 512, 256)));
        refused(
                () -> gpu.run(List.of(new Gpu.Dispatch("in place", pipeline, group, 1, 1, 1))),
                "the step \"in place\" with the kernel \"double\"",
                "both");
    }

    @Test
    void aBufferBeyondTheLimitIsRefused() {
        long bytes = gpu.info().limits().maxBufferSize() / 4 * 4 + 4;
        refused(() -> gpu.buffer("huge", bytes), "creating the buffer \"huge\" of " + bytes + " bytes", "size");
    }

    @Test
    void aTextureBeyondTheLimitIsRefused() {
        int side = gpu.info().limits().maxTextureDimension2D() + 1;
        refused(() -> gpu.texture("wide", side, 1), "creating the texture \"wide\"", String.valueOf(side));
    }

    @Test
    void aWriteBeyondTheEndIsRefused() {
        Gpu.Buffer buffer = gpu.buffer("short", 16);
        refused(
                () -> gpu.write(buffer, 8, ByteBuffer.allocate(12)),
                "writing to the buffer \"short\"",
                "Bytes 8 to 20",
                "which has 16 bytes");
    }

    @Test
    void rowsBeyondTheEndAreRefused() {
        Gpu.Texture texture = gpu.texture("low", 2, 2);
        refused(() -> gpu.write(texture, 1, 2, ByteBuffer.allocate(64)), "the texture \"low\"", "2 rows");
    }

    @Test
    void theFirstReportIsThrownOnceWithItsKind() {
        var errors = new WgpuErrors();
        errors.record(WGPUErrorType.OUT_OF_MEMORY, "no memory left\n");
        errors.record(WGPUErrorType.VALIDATION, "a consequence of the first");
        var problem = assertThrows(GpuException.class, () -> errors.check("creating the buffer \"cache\""));
        assertEquals(GpuException.Kind.OUT_OF_MEMORY, problem.kind());
        assertEquals(
                "The device ran out of memory when creating the buffer \"cache\": no memory left",
                problem.getMessage());
        assertDoesNotThrow(() -> errors.check("the next thing"));
    }

    @Test
    void aLostDeviceStaysLost() {
        var errors = new WgpuErrors();
        errors.recordLoss(WGPUDeviceLostReason.UNKNOWN, "reset by the driver");
        for (String attempted : List.of("running a step", "reading a buffer")) {
            var problem = assertThrows(GpuException.class, () -> errors.check(attempted));
            assertEquals(GpuException.Kind.DEVICE_LOST, problem.kind());
            assertEquals(
                    "The device was lost (unknown: reset by the driver), noticed when " + attempted + ".",
                    problem.getMessage());
        }
    }

    @Test
    void closingADeviceIsNoLoss() {
        var errors = new WgpuErrors();
        errors.close();
        errors.recordLoss(WGPUDeviceLostReason.DESTROYED, "");
        assertDoesNotThrow(() -> errors.check("closing"));
    }

    /** Checks the refusal, then that the device still computes. */
    private void refused(Executable attempt, String... parts) {
        var problem = assertThrows(GpuException.class, attempt);
        assertEquals(GpuException.Kind.VALIDATION, problem.kind(), problem.getMessage());
        for (String part : parts) {
            assertTrue(
                    String.valueOf(problem.getMessage()).contains(part),
                    "<" + part + "> is missing in: " + problem.getMessage());
        }
        Gpu.Pipeline step = gpu.pipeline(TestKernels.STEP);
        Gpu.Buffer state = gpu.buffer("after", 256);
        Gpu.BindGroup group = gpu.bind(step, List.of(new Gpu.Binding.OfBuffer(state, 0, 256)));
        gpu.run(List.of(new Gpu.Dispatch("after", step, group, 1, 1, 1)));
        gpu.read(state, 0, 4, data -> assertEquals(1, data.getInt()));
    }
}
