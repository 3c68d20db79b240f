package dev.quern.runtime.wgpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.runtime.Gpu;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WGPUGlobalReport;
import dev.quern.runtime.wgpu.ffi.WGPUHubReport;
import dev.quern.runtime.wgpu.ffi.WGPURegistryReport;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Nothing of the library is left over: the library itself counts its objects. */
class WgpuResourcesTest {
    @Test
    void runsAndReadsLeaveNothingBehind() {
        try (WgpuGpu gpu = TestDevice.open()) {
            Gpu.Pipeline pipeline = gpu.pipeline(TestKernels.STEP);
            Gpu.Buffer state = gpu.buffer("state", 256);
            Gpu.BindGroup group = gpu.bind(pipeline, List.of(new Gpu.Binding.OfBuffer(state, 0, 256)));
            var dispatch = new Gpu.Dispatch("step", pipeline, group, 1, 1, 1);
            Runnable token = () -> {
                gpu.write(state, 0, ByteBuffer.allocate(16));
                gpu.run(List.of(dispatch, dispatch));
                gpu.read(state, 0, 4, data -> assertEquals(4, data.getInt()));
            };
            token.run();
            Map<String, Long> before = objects(gpu);
            for (int i = 0; i < 200; i++) {
                token.run();
            }
            assertEquals(before, objects(gpu));
        }
    }

    @Test
    void whatIsClosedIsGone() {
        try (WgpuGpu gpu = TestDevice.open()) {
            gpu.read(gpu.buffer("read once", 16), 0, 16, data -> {});
            Map<String, Long> before = objects(gpu);
            for (int i = 0; i < 50; i++) {
                gpu.buffer("short-lived", 1024).close();
                gpu.texture("short-lived", 4, 4).close();
            }
            gpu.read(gpu.buffer("flush", 16), 0, 16, data -> {});
            Map<String, Long> expected = new TreeMap<>(before);
            expected.merge("buffers", 1L, Long::sum);
            assertEquals(expected, objects(gpu));
        }
    }

    /** Refused command buffers are left out: of those the library keeps a little even after their release. */
    @Test
    void whatIsRefusedIsNotKept() {
        try (WgpuGpu gpu = TestDevice.open()) {
            Gpu.Pipeline pipeline = gpu.pipeline(TestKernels.STEP);
            Gpu.Buffer state = gpu.buffer("state", 256);
            Kernel broken = TestKernels.kernel("broken", TestKernels.STEP.bindings(), "fn main( {");
            Kernel absent =
                    new Kernel("absent", "absent", TestKernels.STEP.bindings(), List.of(), TestKernels.STEP.source());
            var beyond = new Gpu.Binding.OfBuffer(state, 0, 1024);
            Map<String, Long> before = objects(gpu);
            for (int i = 0; i < 20; i++) {
                assertThrows(GpuException.class, () -> gpu.pipeline(broken));
                assertThrows(GpuException.class, () -> gpu.pipeline(absent));
                assertThrows(GpuException.class, () -> gpu.bind(pipeline, List.of(beyond)));
            }
            assertEquals(before, objects(gpu));
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        WgpuGpu gpu = TestDevice.open();
        gpu.close();
        gpu.close();
    }

    @Test
    void aDeviceThatDoesNotExistIsNamedWithThoseThatDo() {
        TestDevice.open().close();
        var problem = assertThrows(GpuException.class, () -> WgpuGpu.open("no such device"));
        assertEquals(GpuException.Kind.NO_DEVICE, problem.kind());
        String message = String.valueOf(problem.getMessage());
        assertTrue(message.startsWith("No adapter has \"no such device\" in its name. There are: "), message);
    }

    @Test
    void aDeviceIsOpenedByAPartOfItsName() {
        String name;
        try (WgpuGpu gpu = TestDevice.open()) {
            name = gpu.info().name();
        }
        String part = name.substring(0, 4).toUpperCase(Locale.ROOT);
        try (WgpuGpu gpu = WgpuGpu.open(part)) {
            assertEquals(name, gpu.info().name());
        }
    }

    @Test
    void devicesAreListedWithWhatTheyCan() {
        try (WgpuGpu gpu = TestDevice.open()) {
            assertTrue(WgpuDevices.list().stream()
                    .anyMatch(device -> device.info().equals(gpu.info())
                            && !device.features().isEmpty()));
            assertTrue(gpu.info().limits().maxStorageBufferBindingSize() >= 128L << 20, "WebGPU's default limit");
        }
    }

    @Test
    void aDeviceWithLowerLimitsMakesNothingLarger() {
        TestDevice.open().close();
        DeviceProfile.Limits most = new DeviceProfile.Limits(1 << 20, 2 << 20, 128, 4096, 4096, 1000);
        try (WgpuGpu gpu = WgpuGpu.open(Optional.of(most))) {
            assertEquals(most, gpu.info().limits());
            gpu.buffer("small", 2 << 20).close();
            GpuException refused = assertThrows(GpuException.class, () -> gpu.buffer("large", (2 << 20) + 4));
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.contains("creating the buffer \"large\""), message);
        }
    }

    private static Map<String, Long> objects(WgpuGpu gpu) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment report = WGPUGlobalReport.allocate(arena);
            WebGpu.wgpuGenerateReport(gpu.instance().handle(), report);
            MemorySegment hub = WGPUGlobalReport.hub(report);
            var counts = new TreeMap<String, Long>();
            counts.put("buffers", count(WGPUHubReport.buffers(hub)));
            counts.put("textures", count(WGPUHubReport.textures(hub)));
            counts.put("texture views", count(WGPUHubReport.textureViews(hub)));
            counts.put("command buffers", count(WGPUHubReport.commandBuffers(hub)));
            counts.put("bind groups", count(WGPUHubReport.bindGroups(hub)));
            counts.put("compute pipelines", count(WGPUHubReport.computePipelines(hub)));
            counts.put("shader modules", count(WGPUHubReport.shaderModules(hub)));
            return counts;
        }
    }

    private static long count(MemorySegment registry) {
        return WGPURegistryReport.numKeptFromUser(registry);
    }
}
