package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.compiler.CompileOptions;
import dev.quern.endtoend.ModelCases.Case;
import dev.quern.gguf.ByteSource;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.oracle.LlamaCpp;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The device computes from an encoded file what llama.cpp computes from the same weights as F32, but for keys and
 * values, which are halves here and floats there: few random models feel that more than {@link #LIMIT} says. From the
 * encoded file itself llama.cpp computes something else: it encodes activations too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LlamaCppAgreementTest {
    private static final int POSITIONS = 14;
    static final double LIMIT = 1e-5;
    static final double LIMIT_OF_DIVERGENCE = 1e-5;
    static final double LIMIT_ON_THE_FILE_ITSELF = 2e-3;

    /** Of errors and of the divergence, where nobody rounds keys and values. */
    static final double LIMIT_OF_FLOATS = 1e-9;

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

    /** Both sides are compared with the interpreter on all models. */
    static Stream<Case> cases() {
        return ModelCases.oneOfEachRecipe();
    }

    /**
     * What is allowed where halves alone make so much difference, as the interpreter says: distances add up, and an
     * error is a distance's square. (To second order the root of a divergence is a distance, too.)
     */
    private static double besides(double halves) {
        double distance = Math.sqrt(halves) + Math.sqrt(RandomModelsTest.LIMIT);
        return distance * distance;
    }

    /**
     * With keys and values as floats on both sides nothing is left that is rounded otherwise; sums alone have another
     * order.
     */
    @ParameterizedTest
    @MethodSource("cases")
    void soTheyDoWithKeysAndValuesAsFloatsAndNearer(Case each, TestReporter reporter) throws IOException {
        byte[] model = RandomModels.write(each.shape(), each.recipe());
        Path copy = Files.write(Files.createTempFile(folder, "decoded", ".gguf"), RandomModels.decoded(model));
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        CompileOptions options = each.options().withCache(CacheEncoding.F32);
        try (LlamaCpp onCopy = LlamaCpp.open(copy, POSITIONS);
                DeviceModel device = DeviceModel.load(ByteSource.of(model), options, gpu, folder)) {
            List<float[]> expected = onCopy.logits(tokens);
            List<float[]> actual = device.logits(tokens);
            double worst = Agreement.worst("against llama.cpp", expected, actual, LIMIT_OF_FLOATS);
            double divergence = Agreement.atMost(
                    "the mean divergence from llama.cpp", Agreement.meanDivergence(expected, actual), LIMIT_OF_FLOATS);
            reporter.publishEntry(each.toString(), "floats " + worst + ", divergence " + divergence);
        } finally {
            Files.delete(copy);
        }
    }

    /** A token's key that no half holds: with keys and values as floats both compute the same. */
    @Test
    void aKeyBeyondTheRangeOfHalvesIsComputedAsThere() throws IOException {
        byte[] model = SpoiltModels.oneLargeKey();
        Path file = Files.write(Files.createTempFile(folder, "large", ".gguf"), model);
        CompileOptions options = CompileOptions.of(DeviceProfile.PORTABLE).withCache(CacheEncoding.F32);
        int[] tokens = {5, 7, SpoiltModels.TOKEN, 9, 11, 200};
        try (LlamaCpp other = LlamaCpp.open(file, tokens.length);
                DeviceModel device = DeviceModel.load(ByteSource.of(model), options, gpu, folder)) {
            Agreement.worst("against llama.cpp", other.logits(tokens), device.logits(tokens), LIMIT);
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameWeightsGiveTheSameLogits(Case each, TestReporter reporter) throws IOException {
        byte[] model = RandomModels.write(each.shape(), each.recipe());
        Path file = Files.write(Files.createTempFile(folder, "encoded", ".gguf"), model);
        Path copy = Files.write(Files.createTempFile(folder, "decoded", ".gguf"), RandomModels.decoded(model));
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        try (LlamaCpp onCopy = LlamaCpp.open(copy, POSITIONS);
                LlamaCpp onFile = LlamaCpp.open(file, POSITIONS);
                DeviceModel device = DeviceModel.load(ByteSource.of(model), each.options(), gpu, folder)) {
            assertEquals(RandomModels.VOCABULARY, onCopy.vocabulary());
            List<float[]> actual = device.logits(tokens);
            List<float[]> expected = onCopy.logits(tokens);
            List<float[]> floats =
                    ReferenceModel.withCachesOfFloats(model, POSITIONS).logits(tokens);
            List<float[]> halves = new ReferenceModel(device.compiled()).logits(tokens);
            double worst = Agreement.worst(
                    "against llama.cpp", expected, actual, Math.max(LIMIT, besides(Agreement.largest(floats, halves))));
            double divergence = Agreement.atMost(
                    "the mean divergence from llama.cpp",
                    Agreement.meanDivergence(expected, actual),
                    Math.max(LIMIT_OF_DIVERGENCE, besides(Agreement.meanDivergence(floats, halves))));
            double ofFile = Agreement.atMost(
                    "the normalised mean squared error against llama.cpp on the encoded file",
                    Agreement.pooled(onFile.logits(tokens), actual),
                    LIMIT_ON_THE_FILE_ITSELF);
            reporter.publishEntry(
                    each.toString(), "decoded " + worst + ", divergence " + divergence + ", encoded " + ofFile);
        } finally {
            Files.delete(copy);
            Files.delete(file);
        }
    }
}
