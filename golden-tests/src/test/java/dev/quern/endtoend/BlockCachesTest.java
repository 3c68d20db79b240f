package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelVerifier;
import dev.quern.endtoend.ModelCases.Case;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
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

/** Keys and values in blocks of q8_0: what the interpreter computes so, and as near to llama.cpp as that itself is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlockCachesTest {
    private static final int POSITIONS = 24;

    /** An element that is rounded to the step beside its own moves logits by less than this. */
    private static final double LIMIT = 1e-5;

    /**
     * How far from a model with caches of floats, in terms of what llama.cpp's own blocks do: they make a model differ
     * by what it is like. llama.cpp makes blocks of the queries too.
     */
    private static final double MOST_OF_LLAMA_CPP = 2;

    private final WgpuGpu gpu;
    private final Path folder;

    BlockCachesTest(@TempDir Path folder) {
        this.folder = folder;
        this.gpu = TestDevice.open();
    }

    @AfterAll
    void closeDevice() {
        gpu.close();
    }

    /** Heads of one to four blocks, on each profile. */
    static Stream<Case> cases() {
        return ModelCases.all()
                .filter(each -> each.shape().headSize() % CacheEncoding.Q8_0.elements() == 0)
                .filter(each ->
                        each.recipe().name().equals("f32") || each.shape().headSize() != 32);
    }

    private static CompileOptions options(Case each) {
        return each.options().withCache(CacheEncoding.Q8_0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void computeWhatTheInterpreterComputes(Case each, TestReporter reporter) throws IOException {
        byte[] model = RandomModels.write(each.shape(), each.recipe());
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        try (DeviceModel device = DeviceModel.load(ByteSource.of(model), options(each), gpu, folder)) {
            List<float[]> expected = new ReferenceModel(device.compiled()).logits(tokens);
            List<float[]> stepped = device.logits(tokens);
            double worst = Agreement.worst("step", expected, stepped, LIMIT);
            double chunks = Agreement.check(
                    () -> "prefill",
                    expected.getLast(),
                    device.prefilled(device.executor().chunk(), tokens),
                    LIMIT);
            reporter.publishEntry(each.toString(), "step " + worst + ", prefill " + chunks);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void changeAModelNoMoreThanThoseOfLlamaCpp(Case each, TestReporter reporter) throws IOException {
        LlamaCpp.require();
        byte[] model = RandomModels.write(each.shape(), each.recipe());
        Path copy = Files.write(Files.createTempFile(folder, "decoded", ".gguf"), RandomModels.decoded(model));
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        try (LlamaCpp floats = LlamaCpp.open(copy, POSITIONS);
                LlamaCpp blocks = LlamaCpp.withCachesOfBlocks(copy, POSITIONS);
                DeviceModel device = DeviceModel.load(ByteSource.of(model), options(each), gpu, folder)) {
            List<float[]> exact = floats.logits(tokens);
            List<float[]> actual = device.logits(tokens);
            List<float[]> theirs = blocks.logits(tokens);
            double own = Agreement.pooled(exact, actual);
            double other = Agreement.pooled(exact, theirs);
            reporter.publishEntry(
                    each.toString(),
                    "from floats " + own + ", llama.cpp's " + other + ", between " + Agreement.pooled(theirs, actual));
            assertTrue(own <= MOST_OF_LLAMA_CPP * other, each + " is " + own + " from floats, and llama.cpp " + other);
        } finally {
            Files.delete(copy);
        }
    }

    /** A block and its scale are 34 bytes for 32 elements. */
    @Test
    void takeALittleMoreThanAByteAnElement() {
        Case each = cases().findFirst().orElseThrow();
        byte[] model = RandomModels.write(each.shape(), each.recipe());
        Plan plan = ModelCompiler.compile(ByteSource.of(model), options(each)).plan();
        int columns = each.shape().keyValueHeads() * each.shape().headSize();
        for (BufferSpec buffer : plan.buffers()) {
            buffer.rows().ifPresent(rows -> {
                assertEquals(new BufferSpec.Rows(CacheEncoding.Q8_0, columns), rows);
                assertEquals(Math.ceilDiv(columns / 32L * 34, 4L) * 4, rows.bytes());
                assertEquals(64 * rows.bytes(), buffer.bytes());
            });
        }
        assertTrue(plan.buffers().stream().anyMatch(buffer -> buffer.rows().isPresent()));
    }

    /** A block lies in one head, here as in llama.cpp; who asks is told so before anything is compiled. */
    @Test
    void headsThatAreNoWholeBlocksAreRefused() {
        ByteSource model =
                ByteSource.of(RandomModels.write(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.F32)));
        CompileOptions options = CompileOptions.of(DeviceProfile.PORTABLE).withCache(CacheEncoding.Q8_0);
        String sentence =
                String.valueOf(assertThrows(IllegalArgumentException.class, () -> ModelCompiler.compile(model, options))
                        .getMessage());
        assertTrue(
                sentence.endsWith("have 16. Keep them as f16 (--cache f16).")
                        && sentence.startsWith("Keys and values were asked for as q8_0, in blocks of 32 elements of a"),
                sentence);
        assertTrue(
                ModelVerifier.verify(model, options, false)
                        .findings()
                        .getLast()
                        .message()
                        .equals(sentence),
                sentence);
    }
}
