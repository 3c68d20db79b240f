package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.lowering.PickLowering;
import dev.quern.endtoend.ModelCases.Case;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.Numerics;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random models compute on the device what the interpreter computes from the same file. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomModelsTest {
    private static final int POSITIONS = 14;
    private static final int MANY_POSITIONS = 24;
    static final double LIMIT = 1e-6;

    /** Two orders of the same sums, with the same rounding of keys and values. */
    static final double LIMIT_OF_CHUNKS = 1e-7;

    /** A gap between the two largest logits that no rounding closes. */
    private static final double CLEAR_GAP = 0.01;

    private final WgpuGpu gpu;
    private final Path folder;

    RandomModelsTest(@TempDir Path folder) {
        this.folder = folder;
        this.gpu = TestDevice.open();
    }

    @AfterAll
    void closeDevice() {
        gpu.close();
    }

    static Stream<Case> cases() {
        return ModelCases.all();
    }

    /** Of each profile two models, of which one has matrices that cannot be merged. */
    static Stream<Case> casesForChunks() {
        return DeviceProfile.ALL.stream()
                .flatMap(profile -> Stream.of(
                        new Case(ModelCases.SHAPES.get(1), Recipe.APART.getFirst(), profile),
                        new Case(ModelCases.SHAPES.get(4), Recipe.uniform(GgufTensorType.Q8_0), profile)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void computeWhatTheInterpreterComputes(Case each, TestReporter reporter) throws IOException {
        ByteSource model = ByteSource.of(RandomModels.write(each.shape(), each.recipe()));
        int[] tokens = tokens(POSITIONS);
        try (DeviceModel device = DeviceModel.load(model, each.options(), gpu, folder)) {
            ReferenceModel reference = new ReferenceModel(device.compiled());
            List<float[]> stepped = device.logits(tokens);
            double worst = Agreement.worst("step", reference.logits(tokens), stepped, LIMIT);
            double worstOfChunks = 0;
            for (int size : List.of(3, device.executor().chunk())) {
                worstOfChunks = Math.max(worstOfChunks, checkChunks(device, size, tokens, stepped.getLast()));
            }
            int clear = followsGreedily(device, reference, tokens[0]);
            reporter.publishEntry(each.toString(), "step " + worst + " prefill " + worstOfChunks + " clear " + clear);
        }
    }

    /** However many tokens are read at a time, the same comes out as one by one. */
    @ParameterizedTest
    @MethodSource("casesForChunks")
    void readPromptsInChunksOfAnySize(Case each, TestReporter reporter) throws IOException {
        ByteSource model = ByteSource.of(RandomModels.write(each.shape(), each.recipe()));
        int[] tokens = tokens(MANY_POSITIONS);
        try (DeviceModel device = DeviceModel.load(model, each.options(), gpu, folder)) {
            float[] expected = device.logits(tokens).getLast();
            double worst = 0;
            for (int size = 1; size <= Math.min(device.executor().chunk(), tokens.length - 1); size++) {
                worst = Math.max(worst, checkChunks(device, size, tokens, expected));
            }
            reporter.publishEntry(each.toString(), "prefill " + worst);
        }
    }

    private static double checkChunks(DeviceModel device, int size, int[] tokens, float[] expected) {
        return Agreement.check(
                () -> "prefill of " + size + " at a time", expected, device.prefilled(size, tokens), LIMIT_OF_CHUNKS);
    }

    /** The ring of picked tokens is shorter than what is generated here. */
    @Test
    void theRingHoldsTheLastTokensPicked() throws IOException {
        var each = new Case(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.F32), DeviceProfile.PORTABLE);
        ByteSource model = ByteSource.of(RandomModels.write(each.shape(), each.recipe()));
        try (DeviceModel device =
                DeviceModel.load(model, each.options().withContext(3L * PickLowering.RING_SLOTS / 2), gpu, folder)) {
            int slots = device.executor().ringSlots();
            int half = slots / 2;
            int[] before = device.picked(3, 0, slots);
            int[] after = device.picked(before[slots - 1], slots, half);
            List<int[]> received = new ArrayList<>();
            device.executor().readRing(half, slots, received::add);
            assertArrayEquals(Arrays.copyOfRange(before, half, slots), Arrays.copyOf(received.getFirst(), half));
            assertArrayEquals(after, Arrays.copyOfRange(received.getFirst(), half, slots));
        }
    }

    private static int followsGreedily(DeviceModel device, ReferenceModel reference, int first) {
        int[] picked = device.picked(first, 0, POSITIONS);
        reference.forget();
        int clear = 0;
        int token = first;
        for (int position = 0; position < POSITIONS; position++) {
            float[] expected = reference.step(token);
            if (Numerics.topTwoGap(expected) > CLEAR_GAP) {
                assertEquals(Numerics.argMax(expected), picked[position], "token picked at position " + position);
                clear++;
            }
            token = picked[position];
        }
        assertTrue(clear > POSITIONS / 2, "the likeliest token was clear at " + clear + " positions only");
        return clear;
    }

    static int[] tokens(int count) {
        var random = new SplittableRandom(7);
        return IntStream.range(0, count)
                .map(position -> random.nextInt(3, RandomModels.VOCABULARY))
                .toArray();
    }
}
