package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.EntryPoint;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.plan.bundle.SelfTest.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One dispatch at a time, and the self-test that is made of it. */
class StepwiseTest {
    private static final int[] TOKENS = {3, 9, 4};
    private final SmallModel model = new SmallModel(false);
    private final RecordingGpu gpu = new RecordingGpu(model);

    private Executor executor(RecordingGpu on) {
        return ExecutorLoader.load(
                SmallModel.reader(SmallModel.bundle(SmallPlan.plan())), on, null, LoadProgress.SILENT);
    }

    @Test
    void dispatchesRunOneByOneAndWhatTheyLeaveIsRead() {
        try (Executor executor = executor(gpu)) {
            Stepwise stepwise = new Stepwise(executor);
            gpu.takeLog();
            List<String> ran = new ArrayList<>();
            stepwise.prefill(new int[] {3, 9}, 0, (index, step) -> ran.add(index + " " + step.label()));
            assertEquals(List.of("0 token rows", "1 attention"), ran);
            String log = gpu.takeLog();
            assertTrue(log.startsWith("write tokens at 0: 3 9 0 0\nwrite position at 0: 0\nrun\n  embed "), log);
            assertTrue(log.contains("grid 2×1×1"), log);
            ran.clear();
            float[][] logits = new float[1][];
            stepwise.step(4, 2, (index, step) -> {
                ran.add(index + " " + step.label());
                if (step.label().equals("logits")) {
                    EntryPoint.Bound bound = step.bindings().getLast();
                    logits[0] = stepwise.readFloats(bound, SmallPlan.VOCABULARY);
                    assertEquals(8, stepwise.read(bound, 8).remaining());
                }
                return true;
            });
            assertEquals(List.of("0 token rows", "1 attention", "2 logits"), ran);
            assertEquals(3, gpu.takeLog().split("run\n", -1).length - 1);
            int next = model.next(List.of(3, 9, 4));
            for (int id = 0; id < SmallPlan.VOCABULARY; id++) {
                assertEquals(id == next ? 1 : -id, logits[0][id]);
            }
            stepwise.pick((index, step) -> ran.add(step.label()));
            assertEquals("next token", ran.getLast());
            int[][] picked = new int[1][];
            executor.readRing(2, 1, ids -> picked[0] = ids);
            assertArrayEquals(new int[] {next}, picked[0]);
        }
    }

    @Test
    void aVisitorThatHasSeenEnoughEndsTheWalk() {
        try (Executor executor = executor(gpu)) {
            List<Integer> ran = new ArrayList<>();
            new Stepwise(executor).step(4, 0, (index, step) -> {
                ran.add(index);
                return index < 1;
            });
            assertEquals(List.of(0, 1), ran);
        }
    }

    @Test
    void aWeightIsNotReadBack() {
        try (Executor executor = executor(gpu)) {
            EntryPoint.Bound table = new EntryPoint.Bound("table", 0, SmallPlan.TABLE_BYTES);
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> new Stepwise(executor).read(table, 4));
            assertEquals("table is no buffer", refused.getMessage());
        }
    }

    /** What the small model leaves when it has read the tokens: its logits, and the three padding words behind them. */
    private SelfTest selfTest() {
        float[] logits = new float[32];
        int next = model.next(List.of(3, 9, 4));
        for (int id = 0; id < SmallPlan.VOCABULARY; id++) {
            logits[id] = id == next ? 1 : -id;
        }
        return new SelfTest(
                List.of(3, 9, 4), List.of(Digest.of("logits", 2, logits), Digest.of("of no step", 0, logits)));
    }

    @Test
    void aDeviceThatComputesWhatItMustPasses() {
        try (Executor executor = executor(gpu)) {
            assertEquals(Optional.empty(), SelfTestRun.run(executor, selfTest()));
            assertEquals(
                    List.of(3, 9, 4),
                    List.of(
                            gpu.memory("keys").getInt(0),
                            gpu.memory("keys").getInt(256),
                            gpu.memory("keys").getInt(512)));
        }
    }

    /** A device that forgets the sign, in one kernel. */
    @Test
    void theFirstKernelThatIsWrongIsNamed() {
        RecordingGpu wrong = new RecordingGpu((dispatch, on) -> {
            model.run(dispatch, on);
            if (dispatch.pipeline().kernel().name().equals("project")) {
                on.memory("logits").putFloat(4 * 8, 8);
            }
        });
        try (Executor executor = executor(wrong)) {
            String problem = SelfTestRun.run(executor, selfTest()).orElseThrow();
            assertTrue(
                    problem.startsWith("The kernel project computes logits wrongly on this device: the norm is "),
                    problem);
            Digest right = selfTest().digests().getFirst();
            assertTrue(problem.endsWith("; expected were " + right.norm() + " and " + right.sample() + "."), problem);
        }
    }

    /** Steps are left out for each of the tokens; a plan without them is another plan. */
    @Test
    void aGapIsPassedOver() {
        List<Digest> none = List.of();
        try (Executor executor = executor(gpu)) {
            gpu.takeLog();
            var test =
                    new SelfTest(List.of(3, 9), none, Optional.of(new SelfTest.Gap("attention", "logits", List.of())));
            assertEquals(Optional.empty(), SelfTestRun.run(executor, test));
            String log = gpu.takeLog();
            assertEquals(2, log.split("embed ", -1).length - 1, log);
            assertEquals(0, log.split("attend ", -1).length - 1, log);
            assertEquals(2, log.split("project ", -1).length - 1, log);
            var other =
                    new SelfTest(List.of(3), none, Optional.of(new SelfTest.Gap("attention", "elsewhere", List.of())));
            var problem = assertThrows(IllegalArgumentException.class, () -> SelfTestRun.run(executor, other));
            assertEquals("the plan has no step that computes elsewhere", problem.getMessage());
        }
    }

    /** What follows the first wrong step has read what was wrong, and is not looked at. */
    @Test
    void onlyTheFirstIsNamed() {
        SelfTest test = new SelfTest(
                List.of(3, 9, 4),
                List.of(
                        new Digest("token rows", 2, 256, 1, List.of(1.0)),
                        new Digest("logits", 2, 32, 1, List.of(1.0))));
        try (Executor executor = executor(gpu)) {
            gpu.takeLog();
            String problem = SelfTestRun.run(executor, test).orElseThrow();
            assertTrue(problem.startsWith("The kernel embed computes token rows wrongly"), problem);
            assertEquals(2, gpu.takeLog().split("project ", -1).length - 1, "of the two tokens before");
        }
    }

    @Test
    void aChunkHoldsFromOneTokenToItsBound() {
        try (Executor executor = executor(gpu)) {
            assertEquals(4, executor.chunk());
            assertEquals(6, executor.ringSlots());
            executor.prefill(TOKENS, 0, 1, 0);
            executor.prefill(new int[] {3, 4, 5, 6, 7}, 1, 4, 0);
            for (int count : new int[] {0, 5}) {
                IllegalArgumentException refused =
                        assertThrows(IllegalArgumentException.class, () -> executor.prefill(new int[8], 0, count, 0));
                assertEquals("prefill reads 1 to 4 tokens, not " + count, refused.getMessage());
            }
            executor.readRing(0, 6, ids -> assertEquals(6, ids.length));
            assertThrows(IllegalArgumentException.class, () -> executor.readRing(0, 7, ids -> {}));
        }
    }
}
