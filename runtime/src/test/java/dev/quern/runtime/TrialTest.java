package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrialTest {
    private final SmallModel model = new SmallModel(true);

    @Test
    void promptsComeInChunksAndStepsInBatches() {
        RecordingGpu gpu = new RecordingGpu(model);
        long[] time = {0};
        try (Engine engine = Engine.load(SmallModel.reader(), gpu, null, LoadProgress.SILENT, () -> time[0]++)) {
            gpu.takeLog();
            Trial trial = engine.session().trial();
            assertTrue(trial.prompt(9, 3) > 0);
            assertEquals(3, runs(gpu.takeLog()), "chunks of four");
            Trial.Steps steps = trial.steps(7, 0);
            assertTrue(steps.nanoseconds() >= steps.encodeNanoseconds());
            String log = gpu.takeLog();
            assertEquals(7, runs(log));
            assertEquals(2, log.split("read ring", -1).length - 1, "the ring has six slots");
        }
    }

    @Test
    void noPositionBehindTheLastIsUsed() {
        try (Engine engine = SmallModel.engine(new RecordingGpu(model))) {
            Trial trial = engine.session().trial();
            trial.steps(2, trial.context() - 2);
            assertThrows(IllegalArgumentException.class, () -> trial.steps(2, trial.context() - 1));
            assertThrows(IllegalArgumentException.class, () -> trial.prompt(trial.context(), 1));
        }
    }

    /** What was held before is forgotten, since it was written over. */
    @Test
    void aConversationBeginsAnewAfterwards() {
        try (Engine engine = SmallModel.engine(new RecordingGpu(model))) {
            GenerationRequest request = GenerationRequest.greedy(new int[] {3, 4, 5}, 1);
            engine.session().generate(request, () -> false, _ -> {}).finish();
            engine.session().trial().steps(1, 0);
            Generation again = engine.session().generate(request, () -> false, _ -> {});
            again.finish();
            assertEquals(0, again.statistics().reusedTokens());
            assertEquals(List.of(model.next(List.of(3, 4, 5))), again.tokens());
        }
    }

    private static int runs(String log) {
        return log.split("run\n", -1).length - 1;
    }
}
