package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.text.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How many steps run before the tokens that they picked are read: few where the device is slow, no more than wanted.
 */
class PacingTest {
    private final SmallModel model = new SmallModel(false);

    /** The steps of each batch, on a device that takes so many milliseconds for each of them in turn. */
    private List<Integer> batches(int tokens, int... milliseconds) {
        long[] time = new long[1];
        List<Integer> steps = new ArrayList<>();
        int[] picked = new int[1];
        RecordingGpu gpu = new RecordingGpu((dispatch, on) -> {
            model.run(dispatch, on);
            if (dispatch.pipeline().kernel().name().equals("pick")) {
                time[0] += 1_000_000L * milliseconds[Math.min(picked[0], milliseconds.length - 1)];
                picked[0]++;
            }
        });
        try (Engine engine = Engine.load(SmallModel.reader(), gpu, null, LoadProgress.SILENT, () -> time[0])) {
            Generation generation =
                    engine.session().generate(GenerationRequest.greedy(new int[] {3}, tokens), () -> false, _ -> {});
            while (!generation.done()) {
                int before = picked[0];
                generation.advance(() -> {});
                steps.add(picked[0] - before);
            }
            assertEquals(tokens, generation.tokens().size());
        }
        return steps;
    }

    @Test
    void aFastDeviceIsReadSeldom() {
        // The ring has six slots.
        assertEquals(List.of(1, 2, 4, 6, 6), batches(19, 1));
    }

    @Test
    void noStepRunsWhoseTokenIsNotWanted() {
        assertEquals(List.of(1, 2, 2), batches(5, 1));
        assertEquals(List.of(1), batches(1, 1));
    }

    /** A batch of up to 125 ms is doubled, one of more than 250 ms is halved, so that none is felt. */
    @Test
    void aSlowDeviceIsReadOften() {
        assertEquals(List.of(1, 2, 2, 2, 2), batches(9, 100), "100 ms a step");
        assertEquals(List.of(1, 2, 2, 2, 2), batches(9, 125), "just fast enough for two");
        assertEquals(List.of(1, 1, 1, 1), batches(4, 126), "two would take more than a quarter of a second");
        assertEquals(List.of(1, 1, 1), batches(3, 1000));
        assertEquals(List.of(1, 2, 4, 2, 1, 1), batches(11, 1, 1, 1, 100, 100, 100, 100, 200));
        assertEquals(List.of(1, 2, 4, 4), batches(11, 1, 1, 1, 62, 62, 62, 64, 62), "exactly a quarter of a second");
    }

    /** So that hosts may still be compiling the kernels that other prompts need. */
    @Test
    void aShortPromptIsReadInSteps() {
        for (int length = 1; length <= 9; length++) {
            RecordingGpu gpu = new RecordingGpu(model);
            try (Engine engine = SmallModel.engine(gpu)) {
                gpu.takeLog();
                int[] prompt = new int[length];
                Arrays.setAll(prompt, index -> 3 + index);
                engine.session()
                        .generate(GenerationRequest.greedy(prompt, 1), () -> false, _ -> {})
                        .finish();
                boolean inSteps = length <= 5;
                assertEquals(inSteps, Generation.isReadInSteps(length));
                int runs = gpu.takeLog().split("run\n", -1).length - 1;
                assertEquals(inSteps ? length : 1 + Math.ceilDiv(length - 1, 4), runs, length + " tokens");
            }
        }
    }

    /** A generation goes on where another was read to its end: its last token's step runs again, and no other. */
    @Test
    void whatIsHeldElsewhereIsNotReadAgain() {
        RecordingGpu gpu = new RecordingGpu(model);
        try (Engine first = SmallModel.engine(new RecordingGpu(model));
                Engine second = SmallModel.engine(gpu)) {
            GenerationRequest request =
                    new GenerationRequest(List.of(3, 4, 5, 6, 7), 6, new Sampling(0.001f, 0, 1, 0, 1), List.of());
            Generation broken = first.session().generate(request, () -> false, _ -> {});
            for (int piece = 0; piece < 4; piece++) {
                broken.advance(() -> {});
            }
            assertEquals(3, broken.tokens().size());
            Generation before = second.session().generate(request, () -> false, _ -> {});
            before.finish();
            gpu.takeLog();
            Generation resumed = second.session().resume(broken);
            resumed.finish();
            assertEquals(before.tokens(), resumed.tokens());
            assertEquals(before.text(), resumed.text());
            assertEquals(3, gpu.takeLog().split("run\n", -1).length - 1, "three tokens were missing");
        }
    }
}
