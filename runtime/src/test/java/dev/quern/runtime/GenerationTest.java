package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.SmallPlan;
import dev.quern.text.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GenerationTest {
    private final SmallModel model = new SmallModel(false);

    private static Generation generate(Engine engine, GenerationRequest request) {
        var generation = engine.session().generate(request, () -> false, text -> {});
        generation.finish();
        return generation;
    }

    /** What the model's function gives, token by token, with no device and no states. */
    private static List<Integer> continuation(SmallModel model, List<Integer> prompt, int count) {
        var all = new ArrayList<>(prompt);
        for (int i = 0; i < count && all.size() <= SmallPlan.CONTEXT; i++) {
            int next = model.next(all);
            all.add(next);
            if (next == SmallModel.END) {
                break;
            }
        }
        return all.subList(prompt.size(), all.size());
    }

    private static String letters(List<Integer> tokens) {
        var text = new StringBuilder();
        tokens.stream().filter(id -> id != SmallModel.END).forEach(id -> text.append((char) ('a' + id - 3)));
        return text.toString();
    }

    /**
     * Several prompts in one session, some that go on from what was said, some that part from it, of any length:
     * chunks, ring, early ends, tokens computed too many, and reuse must not show.
     */
    @Property(tries = 300)
    void tokensAreTheModelsWhateverWasBefore(@ForAll long seed) {
        var random = new Random(seed);
        var model = new SmallModel(random.nextBoolean());
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            List<Integer> before = List.of();
            for (int turn = 0; turn < 4; turn++) {
                var prompt = new ArrayList<>(before.subList(0, random.nextInt(before.size() + 1)));
                int extra = random.nextInt(10);
                for (int i = 0; i < extra || prompt.isEmpty(); i++) {
                    prompt.add(3 + random.nextInt(26));
                }
                prompt.subList(Math.min(prompt.size(), SmallPlan.CONTEXT), prompt.size())
                        .clear();
                int count = 1 + random.nextInt(SmallPlan.CONTEXT + 3);
                // A temperature this low draws the likeliest token, by way of the host.
                var sampling = random.nextInt(3) == 0 ? new Sampling(0.001f, 0, 1, 0, seed) : Sampling.GREEDY;
                var generation = generate(engine, new GenerationRequest(prompt, count, sampling, List.of()));
                var expected = continuation(model, prompt, count);
                assertEquals(expected, generation.tokens());
                assertEquals(letters(expected), generation.text());
                prompt.addAll(expected);
                before = prompt;
            }
        }
    }

    /**
     * However tokens are chosen, and wherever in a batch it happens: what came before is given, nothing is made up
     * after it.
     */
    @Property(tries = 200)
    void logitsThatAreNotFiniteEndAGeneration(@ForAll long seed) {
        var random = new Random(seed);
        int spoilt = 3 + random.nextInt(26);
        var right = new SmallModel(false);
        List<Integer> prompt = new ArrayList<>();
        for (int length = 1 + random.nextInt(6); prompt.size() < length; ) {
            prompt.add(3 + random.nextInt(26));
        }
        var sampling = random.nextBoolean() ? new Sampling(0.001f, 0, 1, 0, seed) : Sampling.GREEDY;
        var all = new ArrayList<>(prompt);
        all.addAll(continuation(right, prompt, 12));
        int first = all.indexOf(spoilt);
        try (var engine = SmallModel.engine(new RecordingGpu(new SmallModel(false, spoilt)))) {
            var request = new GenerationRequest(prompt, 12, sampling, List.of());
            var generation = engine.session().generate(request, () -> false, text -> {});
            if (first < 0 || first == all.size() - 1) {
                generation.finish();
                assertEquals(all.subList(prompt.size(), all.size()), generation.tokens());
                return;
            }
            var failure = assertThrows(NotFiniteException.class, generation::finish);
            // The states themselves tell nothing of it, so it is the step that read the last token known.
            int place = Math.max(first, prompt.size() - 1);
            assertEquals(place, failure.position());
            assertEquals(all.subList(prompt.size(), place + 1), generation.tokens());
            assertEquals(
                    "The arithmetic failed at position " + place + ", token " + all.get(place)
                            + ": element 0 of %logits is NaN, written by dispatch 2 of step, the kernel project. Weights"
                            + " may be damaged, or the device may compute wrongly: 'quern verify --weights' looks at a"
                            + " model file, 'quern verify --device' tries a bundle on the device.",
                    failure.getMessage());
            // The session goes on, and remembers nothing that was spoilt.
            assertThrows(NotFiniteException.class, () -> generate(engine, request));
        }
    }

    /**
     * A device is lost at any moment: prompt half read, between tokens, in the middle of what a seed has begun to draw.
     */
    @Property(tries = 200)
    void aGenerationGoesOnInAnotherSessionAsIfNothingHadHappened(@ForAll long seed) {
        var random = new Random(seed);
        var model = new SmallModel(false);
        List<Integer> prompt = new ArrayList<>();
        for (int length = 1 + random.nextInt(12); prompt.size() < length; ) {
            prompt.add(3 + random.nextInt(26));
        }
        var sampling = random.nextBoolean() ? new Sampling(0.9f, 0, 1, 0, seed) : Sampling.GREEDY;
        var request = new GenerationRequest(prompt, 1 + random.nextInt(SmallPlan.CONTEXT), sampling, List.of());
        try (var first = SmallModel.engine(new RecordingGpu(model));
                var second = SmallModel.engine(new RecordingGpu(model));
                var undisturbed = SmallModel.engine(new RecordingGpu(model))) {
            var expected = generate(undisturbed, request);
            var heard = new StringBuilder();
            var generation = first.session().generate(request, () -> false, heard::append);
            for (int pieces = random.nextInt(6); pieces > 0 && !generation.done(); pieces--) {
                generation.advance(() -> {});
            }
            if (!generation.done()) {
                generation = second.session().resume(generation);
                generation.finish();
            }
            assertEquals(expected.tokens(), generation.tokens());
            assertEquals(expected.text(), generation.text());
            assertEquals(expected.text(), heard.toString());
            assertEquals(expected.stopReason(), generation.stopReason());
            assertEquals(
                    expected.statistics().generatedTokens(),
                    generation.statistics().generatedTokens());
        }
    }

    @Test
    void whatHasEndedIsNotResumed() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            var generation = generate(engine, GenerationRequest.greedy(new int[] {3, 4}, 2));
            assertThrows(IllegalStateException.class, () -> engine.session().resume(generation));
        }
    }

    @Test
    void afterAResetNothingIsReused() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            var request = GenerationRequest.greedy(new int[] {3, 4, 5, 6}, 2);
            generate(engine, request);
            assertEquals(3, generate(engine, request).statistics().reusedTokens());
            engine.session().reset();
            assertEquals(0, generate(engine, request).statistics().reusedTokens());
            engine.session().generate(request, () -> false, text -> {});
            assertThrows(IllegalStateException.class, () -> engine.session().reset());
        }
    }

    @Test
    void thePromptIsReadInChunksAndItsLastTokenByAStep() {
        var gpu = new RecordingGpu(model);
        try (var engine = SmallModel.engine(gpu)) {
            gpu.takeLog();
            // 10 tokens: chunks of 4, 4 and 1, then a step.
            var generation = generate(engine, GenerationRequest.greedy(new int[] {3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 4));
            String log = gpu.takeLog();
            assertEquals(2, count(log, "embed group 1 grid 4×1×1"), log);
            assertEquals(2, count(log, "attend group 2 grid 6×1×1"), log);
            assertTrue(log.contains("write tokens at 0: 11 0 0 0\nwrite position at 0: 8\n"), log);
            assertTrue(log.contains("write tokens at 0: 12\nwrite position at 0: 9\n"), log);
            assertEquals(4, generation.statistics().generatedTokens());
        }
    }

    @Test
    void batchesGrowSoThatFewReadsAreNeeded() {
        var gpu = new RecordingGpu(model);
        try (var engine = SmallModel.engine(gpu)) {
            gpu.takeLog();
            generate(engine, GenerationRequest.greedy(new int[] {3}, 19));
            // 1, 2, 4, then 6, which is all that the ring holds, and 6.
            assertEquals(5, count(gpu.takeLog(), "read ring"));
        }
    }

    @Test
    void aFullContextEndsWithANotice() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            var prompt = List.of(3, 4, 5, 6, 7, 8);
            var generation = generate(engine, new GenerationRequest(prompt, 100, Sampling.GREEDY, List.of()));
            assertEquals(StopReason.CONTEXT_FULL, generation.stopReason());
            // The last token of the 24 positions gives one more.
            assertEquals(19, generation.tokens().size());
            assertEquals(
                    "The context is full: 6 tokens of the prompt and 19 generated ones fill its 24 positions."
                            + " Compile the model with a larger --context for more.",
                    generation.notice());
        }
    }

    @Test
    void aPromptThatDoesNotFitIsRefusedWithNumbers() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            var problem = assertThrows(
                    PromptTooLongException.class, () -> generate(engine, GenerationRequest.greedy(new int[25], 1)));
            assertEquals(
                    "The prompt has 25 tokens, but this bundle has room for 24. Shorten it, or run or compile the model"
                            + " with --context 25 (-c) or more; it was trained for 48.",
                    problem.getMessage());
            assertEquals(25, problem.tokens());
            assertEquals(24, problem.room());
            var empty = assertThrows(
                    PromptException.class, () -> generate(engine, GenerationRequest.greedy(new int[0], 1)));
            assertEquals(
                    "The prompt has no tokens, not even one for the beginning of a text. Give at least one character.",
                    empty.getMessage());
            var unknown = assertThrows(
                    PromptException.class, () -> generate(engine, GenerationRequest.greedy(new int[] {3, 29}, 1)));
            assertEquals("Token 1 of the prompt is 29, but the model knows tokens from 0 to 28.", unknown.getMessage());
            assertThrows(PromptException.class, () -> generate(engine, GenerationRequest.greedy(new int[] {-1}, 1)));
            generate(engine, GenerationRequest.greedy(new int[] {0, 28}, 1));
        }
    }

    @Test
    void aStopStringEndsTheTextBeforeItself() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            String whole = letters(continuation(model, List.of(3, 4), 12));
            String stop = whole.substring(5, 7);
            var generation =
                    generate(engine, GenerationRequest.of(new int[] {3, 4}, 12, Sampling.GREEDY, List.of(stop)));
            assertEquals(StopReason.STOP_STRING, generation.stopReason());
            assertEquals(whole.substring(0, whole.indexOf(stop)), generation.text());
        }
    }

    @Test
    void anInterruptEndsBetweenPiecesOfWork() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            var heard = new StringBuilder();
            var generation = engine.session()
                    .generate(GenerationRequest.greedy(new int[] {3, 4}, 20), () -> heard.length() >= 3, heard::append);
            generation.finish();
            assertEquals(StopReason.INTERRUPTED, generation.stopReason());
            // Batches of 1 and 2.
            assertEquals(3, generation.tokens().size());
            assertEquals(heard.toString(), generation.text());
            // The session goes on.
            assertEquals(
                    continuation(model, List.of(3, 4), 5),
                    generate(engine, GenerationRequest.greedy(new int[] {3, 4}, 5))
                            .tokens());
        }
    }

    @Test
    void whereReadsDoNotWaitTheWorkGoesOnWhenTheyAnswer() {
        var gpu = new RecordingGpu(model);
        try (var engine = SmallModel.engine(gpu)) {
            gpu.delayReads();
            var generation = engine.session()
                    .generate(GenerationRequest.greedy(new int[] {3, 4, 5, 6, 7, 8, 9}, 9), () -> false, text -> {});
            int pieces = 0;
            while (!generation.done()) {
                var answered = new boolean[1];
                generation.advance(() -> answered[0] = true);
                if (!answered[0]) {
                    assertFalse(generation.done());
                    gpu.answer();
                }
                assertTrue(answered[0]);
                pieces++;
            }
            // Chunks of 4 and 2, batches of 1, 2, 4 and 2.
            assertEquals(6, pieces);
            assertEquals(continuation(model, List.of(3, 4, 5, 6, 7, 8, 9), 9), generation.tokens());
        }
    }

    @Test
    void aBusySessionRefusesMore() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            var request = GenerationRequest.greedy(new int[] {3}, 3);
            engine.session().generate(request, () -> false, text -> {});
            assertThrows(
                    IllegalStateException.class, () -> engine.session().generate(request, () -> false, text -> {}));
        }
    }

    @Test
    void afterWorkThatFailedTheSessionTakesMore() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            var request = GenerationRequest.greedy(new int[] {3, 9, 4}, 3);
            var failing = engine.session().generate(request, () -> false, text -> {
                throw new IllegalArgumentException("the listener has gone");
            });
            assertThrows(IllegalArgumentException.class, failing::finish);
            assertEquals(
                    continuation(model, List.of(3, 9, 4), 3),
                    generate(engine, request).tokens());
        }
    }

    @Test
    void logitsComeForEveryPosition() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            var tokens = List.of(3, 9, 4, 7, 20, 11);
            var rows = new ArrayList<float[]>();
            engine.session().score(tokens, (position, row) -> rows.add(row)).finish();
            assertEquals(tokens.size(), rows.size());
            for (int i = 0; i < rows.size(); i++) {
                assertEquals(SmallPlan.VOCABULARY, rows.get(i).length);
                assertEquals(1, rows.get(i)[model.next(tokens.subList(0, i + 1))]);
            }
        }
    }

    @Test
    void statisticsCountWhatThePlanSays() {
        try (var engine = SmallModel.engine(new RecordingGpu(model))) {
            var statistics = generate(engine, GenerationRequest.greedy(new int[] {3, 4, 5, 6}, 8))
                    .statistics();
            assertEquals(4, statistics.promptTokens());
            assertEquals(8, statistics.generatedTokens());
            assertEquals(4, statistics.dispatchesPerToken());
            // The head is read as a whole, one row of the table, and of the keys 8 of 24 positions.
            assertEquals(4096 + 6144 * 8 / 24, statistics.bytesPerToken());
            assertEquals(2048, statistics.arenaBytes());
            assertTrue(statistics.decodeTokensPerSecond() > 0);
            assertTrue(statistics.timeToFirstTokenSeconds() > 0);
        }
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
