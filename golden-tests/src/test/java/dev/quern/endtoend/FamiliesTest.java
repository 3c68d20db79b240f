package dev.quern.endtoend;

import dev.quern.compiler.CompileOptions;
import dev.quern.endtoend.FamilyCases.Case;
import dev.quern.gguf.ByteSource;
import dev.quern.reference.oracle.LlamaCpp;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Of every family the interpreter computes what llama.cpp computes from the same weights as F32, and the device what
 * the interpreter computes.
 */
class FamiliesTest {
    /** More than any window of the cases. */
    private static final int POSITIONS = 24;

    private static final long CONTEXT = 64;

    static Stream<Case> cases() {
        return FamilyCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theInterpreterComputesWhatLlamaCppComputes(Case each, @TempDir Path folder, TestReporter reporter)
            throws IOException {
        LlamaCpp.require();
        byte[] model = each.write();
        Path copy = Files.write(folder.resolve("decoded.gguf"), RandomModels.decoded(model));
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        try (LlamaCpp other = LlamaCpp.open(copy, POSITIONS)) {
            List<float[]> expected = other.logits(tokens);
            List<float[]> actual =
                    ReferenceModel.withCachesOfFloats(model, POSITIONS).logits(tokens);
            double worst = Agreement.worst("against llama.cpp", expected, actual, each.limit());
            reporter.publishEntry(each.toString(), "llama.cpp " + worst);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theDeviceComputesWhatTheInterpreterComputes(Case each, @TempDir Path folder, TestReporter reporter)
            throws IOException {
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        CompileOptions options = CompileOptions.of(each.profile()).withContext(CONTEXT);
        try (WgpuGpu gpu = TestDevice.open();
                DeviceModel device = DeviceModel.load(ByteSource.of(each.write()), options, gpu, folder)) {
            List<float[]> stepped = device.logits(tokens);
            List<float[]> expected = new ReferenceModel(device.compiled()).logits(tokens);
            double worst = Agreement.worst("step", expected, stepped, each.limitOnDevice());
            double worstOfChunks = Agreement.check(
                    () -> "prefill",
                    stepped.getLast(),
                    device.prefilled(device.executor().chunk(), tokens),
                    Math.max(RandomModelsTest.LIMIT_OF_CHUNKS, each.limitOnDevice() / 10));
            reporter.publishEntry(each.toString(), "step " + worst + " prefill " + worstOfChunks);
        }
    }
}
