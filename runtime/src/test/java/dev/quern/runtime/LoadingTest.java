package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.quern.plan.BundleException;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadingTest {
    private static final Path GOLDEN = Path.of("src", "test", "golden", "small-plan.txt");

    /** Everything that a device is asked to load a model, read a prompt of six tokens and generate three. */
    @Test
    void theCommandsAreThoseOfTheGolden() throws IOException {
        var gpu = new RecordingGpu(new SmallModel(false));
        try (var engine = SmallModel.engine(gpu)) {
            engine.session()
                    .generate(GenerationRequest.greedy(new int[] {3, 4, 5, 6, 7, 8}, 3), () -> false, text -> {})
                    .finish();
        }
        gpu.close();
        String log = gpu.takeLog();
        String golden = Files.exists(GOLDEN) ? Files.readString(GOLDEN) : "";
        if (!golden.equals(log)) {
            if (Boolean.getBoolean("quern.bless")) {
                Files.writeString(GOLDEN, log);
                fail("blessed " + GOLDEN + "; look at it, and run again without -Dquern.bless=true");
            }
            assertEquals(golden, log, "run with -Dquern.bless=true if the new commands are right");
        }
    }

    @Test
    void weightsArriveWholeAndProgressCountsThem() {
        // 20 MiB and a little: two pieces.
        long headBytes = (20 << 20) + 16;
        var gpu = new RecordingGpu(RecordingGpu.Simulation.NOTHING);
        var heard = new ArrayList<String>();
        var reader = SmallModel.reader(SmallModel.bundle(SmallPlan.plan(headBytes)));
        try (var executor = ExecutorLoader.load(
                reader, gpu, null, (phase, done, total) -> heard.add(phase + " " + done + "/" + total))) {
            for (var weight : executor.plan().weights()) {
                var memory = gpu.memory(weight.name());
                for (int i = 0; i < weight.bytes(); i++) {
                    if (memory.get(i) != SmallPlan.weightByte(weight.name(), i)) {
                        fail(weight.name() + " differs at byte " + i);
                    }
                }
            }
        }
        assertEquals(0, gpu.openResources());
        long total = SmallPlan.TABLE_BYTES + headBytes;
        assertEquals("PIPELINES 0/4", heard.getFirst());
        assertEquals(List.of("PIPELINES 4/4", "WEIGHTS 0/" + total), heard.subList(4, 6));
        assertEquals("WEIGHTS " + total + "/" + total, heard.getLast());
    }

    @Test
    void corruptedWeightsAreRefusedAndNothingStaysOnTheDevice() {
        var bundle = SmallModel.bundle(SmallPlan.plan());
        String file = Manifest.weightFile(0);
        bundle.bytes(file)[70_000] ^= 4;
        var gpu = new RecordingGpu(RecordingGpu.Simulation.NOTHING);
        var reader = SmallModel.reader(bundle);
        var problem =
                assertThrows(BundleException.class, () -> ExecutorLoader.load(reader, gpu, null, LoadProgress.SILENT));
        assertTrue(
                String.valueOf(problem.getMessage()).startsWith("memory: weights/000.bin is damaged: its SHA-256 is "));
        assertEquals(0, gpu.openResources());
    }

    @Test
    void aDeviceThatFitsNoPlanIsRefusedWithReasons() {
        var reader = SmallModel.reader(SmallModel.bundle(onCpu()));
        var gpu = new RecordingGpu(RecordingGpu.device(32, false), RecordingGpu.Simulation.NOTHING);
        var problem =
                assertThrows(GpuException.class, () -> ExecutorLoader.load(reader, gpu, null, LoadProgress.SILENT));
        assertEquals(GpuException.Kind.NO_DEVICE, problem.kind());
        assertEquals(
                "The bundle has no plan that fits the device Recorder. cpu-vulkan: it needs subgroups of 8, the device"
                        + " offers 32 to 32, it needs storage textures of rgba32uint, the device offers none. Compile the"
                        + " model again with a profile that fits, such as --profile portable, or choose another device.",
                problem.getMessage());
        var asked = assertThrows(
                GpuException.class, () -> ExecutorLoader.load(reader, gpu, "cpu-vulkan", LoadProgress.SILENT));
        assertTrue(String.valueOf(asked.getMessage())
                .startsWith("The profile cpu-vulkan does not fit the device Recorder: "));
    }

    private static Plan onCpu() {
        var plan = SmallPlan.plan();
        return new Plan(
                DeviceProfile.CPU_VULKAN,
                plan.symbols(),
                plan.buffers(),
                plan.weights(),
                plan.kernels(),
                plan.entryPoints(),
                plan.memory());
    }

    @Test
    void theFirstProfileThatFitsIsChosen() {
        assertEquals(DeviceProfile.CPU_VULKAN, ProfileMatcher.choose(DeviceProfile.ALL, processor(8)));
        assertEquals(DeviceProfile.CPU_SWIFTSHADER, ProfileMatcher.choose(DeviceProfile.ALL, processor(4)));
        assertEquals(DeviceProfile.PORTABLE, ProfileMatcher.choose(DeviceProfile.ALL, processor(16)));
        assertEquals(DeviceProfile.PORTABLE, ProfileMatcher.choose(DeviceProfile.ALL, RecordingGpu.device(4, true)));
        var small = new DeviceInfo(
                "Small",
                DeviceInfo.Kind.INTEGRATED,
                "none",
                "none",
                new DeviceProfile.Limits(128 << 20, 256 << 20, 128, 16384, 8192, 65535),
                0,
                0,
                false);
        assertEquals(
                List.of("it needs maxComputeInvocationsPerWorkgroup 256, the device offers 128"),
                ProfileMatcher.misfits(DeviceProfile.PORTABLE, small));
    }

    /** What a device can run it may run, where there is nothing made for it. */
    @Test
    void fourLanesFitEverySubgroupThatHoldsThem() {
        var profiles = List.of(DeviceProfile.CPU_SWIFTSHADER);
        assertEquals(DeviceProfile.CPU_SWIFTSHADER, ProfileMatcher.choose(profiles, RecordingGpu.device(32, false)));
        assertEquals(
                List.of("it needs subgroups of at least 4, the device offers none"),
                ProfileMatcher.misfits(DeviceProfile.CPU_SWIFTSHADER, RecordingGpu.device(0, false)));
    }

    private static DeviceInfo processor(int subgroupSize) {
        return new DeviceInfo(
                "Processor",
                DeviceInfo.Kind.CPU,
                "none",
                "none",
                DeviceProfile.Limits.DEFAULT,
                subgroupSize,
                subgroupSize,
                true);
    }
}
