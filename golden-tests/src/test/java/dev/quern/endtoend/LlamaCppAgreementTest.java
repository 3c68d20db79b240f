package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.endtoend.ModelCases.Case;
import dev.quern.gguf.ByteSource;
import dev.quern.reference.oracle.LlamaCpp;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The device computes from an encoded file what llama.cpp computes from the same weights as F32. On the encoded file itself llama.cpp would
 * quantise activations, which we do not. Keys and values are halves here and floats there, which is most of the distance.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LlamaCppAgreementTest {
    private static final int POSITIONS = 20;
    private static final double LIMIT = 6e-6;

    private final WgpuGpu gpu;
    private final Path folder;

    LlamaCppAgreementTest(@TempDir Path folder) {
        this.folder = folder;
        LlamaCpp.require();
        this.gpu = TestDevice.open();
    }

    @AfterAll
    void closeDevice() {
        gpu.close();
    }

    /** Every model once, the profiles taking turns: both are compared with the interpreter on all of them. */
    static Stream<Case> cases() {
        List<Case> all = ModelCases.all().toList();
        int models = all.size() / 2;
        return IntStream.range(0, models).mapToObj(index -> all.get(index + index % 2 * models));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameWeightsGiveTheSameLogits(Case each, TestReporter reporter) throws IOException {
        byte[] model = RandomModels.write(each.shape(), each.recipe());
        Path copy = Files.write(Files.createTempFile(folder, "decoded", ".gguf"), RandomModels.decoded(model));
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        try (LlamaCpp other = LlamaCpp.open(copy, POSITIONS);
                DeviceModel device = DeviceModel.load(ByteSource.of(model), each.options(), gpu, folder)) {
            assertEquals(RandomModels.VOCABULARY, other.vocabulary());
            List<float[]> expected = other.logits(tokens);
            double worst = Agreement.worst("against llama.cpp", expected, device.logits(tokens), LIMIT);
            reporter.publishEntry(each.toString(), "llama.cpp " + worst);
        } finally {
            Files.delete(copy);
        }
    }
}
