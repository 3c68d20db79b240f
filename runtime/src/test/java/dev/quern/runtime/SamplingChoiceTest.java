package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.plan.bundle.SamplingAdvice;
import dev.quern.text.Sampling;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds where a request says nothing. */
class SamplingChoiceTest {
    private static final long SEED = 7;

    private static SamplingChoice choice(
            @Nullable Float temperature, @Nullable Integer topK, @Nullable Float penalty, @Nullable Long seed) {
        return new SamplingChoice(temperature, topK, null, null, penalty, null, seed);
    }

    @Test
    void aTextIsContinuedByTheLikeliestToken() {
        assertEquals(Sampling.GREEDY.withSeed(SEED), SamplingChoice.NONE.forText(SEED));
        assertEquals(0, choice(null, null, 1.3f, null).forText(SEED).temperature());
        assertEquals(1.3f, choice(null, null, 1.3f, null).forText(SEED).repeatPenalty());
    }

    @Test
    void itIsDrawnWhereSomethingIsSaidThatMattersOnlyThen() {
        Sampling drawn = new Sampling(Defaults.TEMPERATURE, 5, 1, 0, SEED);
        assertEquals(drawn, choice(null, 5, null, null).forText(SEED));
        assertEquals(
                new Sampling(Defaults.TEMPERATURE, 0, 1, 0, 3),
                choice(null, null, null, 3L).forText(SEED));
        assertEquals(0, choice(0f, 5, null, null).forText(SEED).temperature());
    }

    @Test
    void aChatHasDefaultsOfItsOwn() {
        assertEquals(
                new Sampling(0.7f, 40, 0.95f, 0.05f, 1.1f, 64, SEED),
                SamplingChoice.NONE.forChat(SamplingAdvice.NONE, SEED));
        assertEquals(
                2,
                choice(null, 2, null, null).forChat(SamplingAdvice.NONE, SEED).topK());
    }

    @Test
    void theModelsAdviceGoesBeforeThemAsAWhole() {
        var advice = new SamplingAdvice(
                OptionalDouble.of(0.6),
                OptionalInt.of(20),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty());
        assertEquals(new Sampling(0.6f, 20, 1, 0, SEED), SamplingChoice.NONE.forChat(advice, SEED));
        assertEquals(0.9f, choice(0.9f, null, null, null).forChat(advice, SEED).temperature());
    }

    @Test
    void theTemperatureZeroMeansTheLikeliestTokenInAChatToo() {
        assertEquals(
                Sampling.GREEDY.withSeed(SEED), choice(0f, null, null, null).forChat(SamplingAdvice.NONE, SEED));
        assertEquals(
                1.2f,
                choice(0f, null, 1.2f, null).forChat(SamplingAdvice.NONE, SEED).repeatPenalty());
    }
}
