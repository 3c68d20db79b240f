package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.SmallPlan;
import dev.quern.text.Sampling;
import dev.quern.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How a generation ends, what it says of itself then, and what a session holds afterwards. */
class EndingTest {
    private static final int[] PROMPT = {3, 4};
    private final SmallModel model = new SmallModel(false);

    private Engine engine() {
        return SmallModel.engine(new RecordingGpu(model));
    }

    private static Generation run(Engine engine, GenerationRequest request, GenerationListener listener) {
        Generation generation = engine.session().generate(request, () -> false, listener);
        generation.finish();
        return generation;
    }

    private String whole(int tokens) {
        try (Engine engine = engine()) {
            return run(engine, GenerationRequest.greedy(PROMPT, tokens), text -> {})
                    .text();
        }
    }

    /**
     * The text's end is the proper beginning of a stop string, of any length: what was held back for it is text after
     * all, however the generation ends.
     */
    @Test
    void whatWasHeldBackForAStopStringIsGivenOutInTheEnd() {
        String whole = whole(9);
        assertEquals(9, whole.length());
        for (int held = 1; held <= whole.length(); held++) {
            String stop = whole.substring(whole.length() - held) + "!";
            for (StopReason reason : List.of(StopReason.MAX_TOKENS, StopReason.INTERRUPTED)) {
                try (Engine engine = engine()) {
                    List<String> heard = new ArrayList<>();
                    int limit = reason == StopReason.MAX_TOKENS ? 9 : 20;
                    int[] asked = new int[1];
                    Generation generation = engine.session()
                            .generate(
                                    GenerationRequest.of(
                                            PROMPT, limit, new Sampling(0.0001f, 0, 1, 0, 1), List.of(stop)),
                                    // A token for each piece after the one that reads the prompt.
                                    () -> limit == 20 && asked[0]++ == 10,
                                    heard::add);
                    generation.finish();
                    assertEquals(reason, generation.stopReason());
                    assertEquals(whole, generation.text(), "with the stop string " + stop);
                    assertEquals(whole, String.join("", heard));
                }
            }
        }
    }

    /** A stop string that is complete takes its text with it, held back or not. */
    @Test
    void whatAStopStringTookStaysAway() {
        String whole = whole(9);
        String stop = whole.substring(3, 6);
        try (Engine engine = engine()) {
            Generation generation =
                    run(engine, GenerationRequest.of(PROMPT, 9, Sampling.GREEDY, List.of(stop)), text -> {});
            assertEquals(StopReason.STOP_STRING, generation.stopReason());
            assertEquals(whole.substring(0, whole.indexOf(stop)), generation.text());
        }
    }

    /** What can become no character any more is shown as one that cannot be read. */
    @Test
    void aCharacterThatIsNotFinishedIsGivenOutInTheEnd() {
        Engine engine = Engine.load(
                SmallModel.reader(SmallPlan.bundle(SmallPlan.plan(), SmallModel.beginnings())),
                new RecordingGpu(model),
                null,
                LoadProgress.SILENT,
                () -> 0);
        try (engine) {
            StringBuilder heard = new StringBuilder();
            Generation generation = run(engine, GenerationRequest.greedy(PROMPT, 4), heard::append);
            assertEquals("\ufffd".repeat(4), generation.text());
            assertEquals(generation.text(), heard.toString());
        }
    }

    @Test
    void everyTokenIsHeardBeforeItsText() {
        try (Engine engine = engine()) {
            StringBuilder heard = new StringBuilder();
            Generation generation = run(engine, GenerationRequest.greedy(PROMPT, 5), new GenerationListener() {
                @Override
                public void token(int id) {
                    heard.append(id).append(' ');
                }

                @Override
                public void text(String text) {
                    heard.append(text).append(' ');
                }
            });
            StringBuilder expected = new StringBuilder();
            for (int id : generation.tokens()) {
                expected.append(id).append(' ').append((char) ('a' + id - 3)).append(' ');
            }
            assertEquals(expected.toString(), heard.toString());
        }
    }

    @Test
    void reasonsHaveNamesForMachines() {
        assertEquals(
                List.of("end_of_text", "stop_string", "max_tokens", "context_full", "interrupted"),
                Stream.of(StopReason.values()).map(StopReason::text).toList());
    }

    @Test
    void aGenerationThatRunsHasNoReasonYetAndNoNotice() {
        try (Engine engine = engine()) {
            Generation generation =
                    engine.session().generate(GenerationRequest.greedy(PROMPT, 5), () -> false, text -> {});
            assertThrows(IllegalStateException.class, generation::stopReason);
            assertEquals("", generation.notice());
            generation.finish();
            assertEquals(StopReason.MAX_TOKENS, generation.stopReason());
            assertEquals("", generation.notice());
            boolean[] went = new boolean[1];
            generation.advance(() -> went[0] = true);
            assertTrue(went[0], "what has ended goes on at once");
            assertEquals(5, generation.tokens().size());
        }
    }

    /** The clock of these engines moves by a millisecond whenever it is read. */
    @Test
    void timesAreThoseOfTheClock() {
        try (Engine engine = engine()) {
            Generation none = engine.session().generate(GenerationRequest.greedy(PROMPT, 5), () -> true, text -> {});
            none.finish();
            assertEquals(0, none.statistics().timeToFirstTokenSeconds());
            assertEquals(0, none.statistics().prefillTokensPerSecond());
            assertEquals(0, none.statistics().decodeTokensPerSecond());
        }
        try (Engine engine = engine()) {
            // Sampled: the clock is read at the beginning and then once a token.
            Statistics statistics = run(
                            engine,
                            GenerationRequest.of(new int[] {3, 4, 5, 6}, 5, new Sampling(0.5f, 0, 1, 0, 1), List.of()),
                            text -> {})
                    .statistics();
            assertEquals(0.001, statistics.timeToFirstTokenSeconds(), 1e-12);
            assertEquals(4 / 0.001, statistics.prefillTokensPerSecond(), 1e-6);
            assertEquals(4 / 0.004, statistics.decodeTokensPerSecond(), 1e-6, "four tokens follow the first");
        }
    }

    /** What was read before is not read again, but for the last token of the prompt, and counts as none of the work. */
    @Test
    void whatIsHeldIsNotReadAgain() {
        RecordingGpu gpu = new RecordingGpu(model);
        try (Engine engine = SmallModel.engine(gpu)) {
            int[] prompt = {3, 4, 5, 6, 7, 8};
            GenerationRequest request = GenerationRequest.of(prompt, 3, new Sampling(0.5f, 0, 1, 0, 1), List.of());
            Generation first = run(engine, request, text -> {});
            gpu.takeLog();
            Generation second = run(engine, request, text -> {});
            assertEquals(first.tokens(), second.tokens());
            assertTrue(!gpu.takeLog().contains("grid 6×1×1"), "no chunk is read");
            assertEquals(5, second.statistics().reusedTokens());
            assertEquals(1 / 0.001, second.statistics().prefillTokensPerSecond(), 1e-6);
            // Another third token: two are the same.
            Generation third = run(
                    engine,
                    GenerationRequest.of(new int[] {3, 4, 9, 6, 7, 8}, 3, Sampling.GREEDY, List.of()),
                    text -> {});
            assertEquals(2, third.statistics().reusedTokens());
        }
    }

    /** A long conversation: more tokens than any number of them that was made room for at first. */
    @Test
    void asManyTokensAreHeldAsThereAre() {
        HeldTokens held = new HeldTokens(Rings.NONE);
        List<Integer> all = new ArrayList<>();
        for (int id = 0; id < 1000; id++) {
            held.append(id);
            all.add(id);
        }
        assertEquals(1000, held.size());
        assertEquals(1000, held.commonPrefix(all));
        assertEquals(10, held.commonPrefix(all.subList(0, 10)));
        all.set(700, -1);
        assertEquals(700, held.commonPrefix(all));
        all.set(0, -1);
        assertEquals(0, held.commonPrefix(all));
        held.truncate(2000);
        assertEquals(1000, held.size());
        held.truncate(5);
        assertEquals(5, held.size());
        assertEquals(List.of(5, 0), List.of(held.size(), held.commonPrefix(List.of())));
    }

    @Test
    void whatTheEngineIsMadeOfCanBeAskedFor() {
        try (Engine engine = engine()) {
            assertSame(engine.manifest().model(), engine.session().model());
            assertEquals("portable", engine.plan().profile().name());
            assertEquals(
                    "ab",
                    new String(
                            engine.tokenizer().decode(new int[] {3, 4}, Tokenizer.Options.PLAIN),
                            StandardCharsets.UTF_8));
            assertEquals(29, engine.tokenizerData().vocabulary().size());
        }
    }
}
