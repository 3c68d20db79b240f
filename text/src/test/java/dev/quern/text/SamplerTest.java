package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final float NOTHING = Float.NEGATIVE_INFINITY;

    @Test
    void greedyTakesTheGreatestAndOfEqualsTheLowestId() {
        assertEquals(1, new Sampler(Sampling.GREEDY).sample(new float[] {-1, 3, 3, 2}));
        assertEquals(2, Sampler.greedy(new float[] {NOTHING, NOTHING, -90}));
        assertEquals(0, Sampler.greedy(new float[] {NOTHING, NOTHING}));
    }

    @Test
    void refusesLogitsThatAreNoDistribution() {
        Sampler sampler = new Sampler(new Sampling(1, 0, 1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(new float[] {0, Float.NaN}));
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(new float[] {}));
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(new float[] {NOTHING}));
        assertThrows(IllegalArgumentException.class, () -> sampler.sample(new float[] {0, Float.POSITIVE_INFINITY}));
    }

    @Test
    void refusesSettingsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new Sampling(-0.1f, 0, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(Float.NaN, 0, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(Float.POSITIVE_INFINITY, 0, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, -1, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 1.1f, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 1, -0.1f, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 1, 1.1f, 0));
        assertThrows(IllegalArgumentException.class, () -> new Sampling(1, 0, 1, Float.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> penalty(0, 64));
        assertThrows(IllegalArgumentException.class, () -> penalty(Float.NaN, 64));
        assertThrows(IllegalArgumentException.class, () -> penalty(1, -1));
    }

    @Test
    void whatWasThereIsMadeLessLikely() {
        // Greedy too: 4 / 2 and -1 * 2, once however often the token stands there.
        Sampler sampler = new Sampler(penalty(2, 64));
        float[] logits = {4, 3, -1, -1.5f, NOTHING};
        assertEquals(0, sampler.sample(logits), "nothing was there yet");
        sampler.accept(0);
        sampler.accept(0);
        assertEquals(1, sampler.sample(logits));
        sampler.accept(1);
        assertEquals(0, sampler.sample(logits), "2 against 1.5");
        assertArrayEquals(new float[] {4, 3, -1, -1.5f, NOTHING}, logits);
        Sampler below = new Sampler(penalty(2, 64));
        below.accept(0);
        assertEquals(1, below.sample(new float[] {-1, -1.5f}), "-2 against -1.5");
        Sampler never = new Sampler(penalty(2, 64));
        never.accept(0);
        assertEquals(1, never.sample(new float[] {NOTHING, -5}));
    }

    @Test
    void onlyTheLastTokensCount() {
        float[] logits = {4, 3, 2.5f, 0};
        Sampler two = new Sampler(penalty(10, 2));
        for (int id : new int[] {0, 1, 1, 2}) {
            two.accept(id);
        }
        assertEquals(0, two.sample(logits), "the 0 is too long ago");
        two.accept(0);
        assertEquals(1, two.sample(logits), "2 and 0 were the last");
        Sampler all = new Sampler(penalty(10, Integer.MAX_VALUE));
        for (int at = 0; at < 1000; at++) {
            all.accept(at == 0 ? 0 : 1);
        }
        assertEquals(2, all.sample(logits));
        Sampler none = new Sampler(penalty(10, 0));
        none.accept(0);
        assertEquals(0, none.sample(logits));
    }

    /** As llama.cpp has it: over all that was accepted, each of the last N once. */
    @Property(tries = 300)
    void thePenaltyIsItsFormula(@ForAll long seed, @ForAll @IntRange(min = 0, max = 9) int last) {
        Random random = new Random(seed);
        Sampling sampling = penalty(0.5f + random.nextFloat(), last);
        Sampler sampler = new Sampler(sampling);
        List<Integer> all = new ArrayList<>();
        for (int step = 0; step < 30; step++) {
            float[] logits = new float[6];
            for (int id = 0; id < logits.length; id++) {
                logits[id] = (float) random.nextGaussian();
            }
            float[] penalised = logits.clone();
            for (int id : Set.copyOf(all.subList(Math.max(0, all.size() - last), all.size()))) {
                penalised[id] =
                        logits[id] <= 0 ? logits[id] * sampling.repeatPenalty() : logits[id] / sampling.repeatPenalty();
            }
            assertEquals(Sampler.greedy(penalised), sampler.sample(logits));
            int next = random.nextInt(6);
            all.add(next);
            sampler.accept(next);
        }
    }

    private static Sampling penalty(float penalty, int last) {
        return new Sampling(0, 0, 1, 0, penalty, last, 0);
    }

    @Test
    void theGeneratorIsXoshiro() {
        // The first numbers for the seed 0, from the authors' C code for SplitMix64 and xoshiro256**.
        RandomSource random = new RandomSource(0);
        assertEquals(0x99EC5F36CB75F2B4L, random.nextLong());
        assertEquals(0xBF6E1F784956452AL, random.nextLong());
        assertEquals(0x1A5F849D4933E6E0L, random.nextLong());
    }

    @Property(tries = 2000)
    void theExponentialIsExactToTheLastBits(@ForAll @DoubleRange(min = -699, max = 0) double x) {
        double expected = StrictMath.exp(x);
        assertEquals(expected, Exponential.ofNegative(x), expected * 1e-15);
        assertEquals(1, Exponential.ofNegative(0));
        assertEquals(0, Exponential.ofNegative(Double.NEGATIVE_INFINITY));
    }

    /** Which tokens can be drawn: every filter by sorting the whole vocabulary, as its definition says. */
    @Property(tries = 1000)
    void drawsOnlyWhatTheFiltersLeave(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 40) int topK,
            @ForAll @FloatRange(min = 0.01f, max = 1) float topP,
            @ForAll @FloatRange(min = 0, max = 1) float minP,
            @ForAll @FloatRange(min = 0.1f, max = 3) float temperature) {
        Random random = new Random(seed);
        float[] logits = new float[30];
        for (int id = 0; id < logits.length; id++) {
            // Few different values, so that ties are common.
            logits[id] = random.nextInt(8) == 0 ? NOTHING : random.nextInt(12) / 2f;
        }
        logits[random.nextInt(logits.length)] = 6;
        Set<Integer> allowed = allowed(logits, topK, topP, minP);
        float[] before = logits.clone();
        Sampler sampler = new Sampler(new Sampling(temperature, topK, topP, minP, seed));
        Set<Integer> drawn = new TreeSet<>();
        for (int draw = 0; draw < 50; draw++) {
            drawn.add(sampler.sample(logits));
        }
        assertTrue(allowed.containsAll(drawn), () -> drawn + " but only " + allowed + " are allowed");
        assertArrayEquals(before, logits);
    }

    private static Set<Integer> allowed(float[] logits, int topK, float topP, float minP) {
        List<Integer> order = new ArrayList<>();
        for (int id = 0; id < logits.length; id++) {
            order.add(id);
        }
        order.sort(
                Comparator.comparingDouble((Integer id) -> -(double) logits[id]).thenComparingInt(id -> id));
        List<Integer> best = order.subList(0, topK == 0 ? order.size() : Math.min(topK, order.size()));
        double total = 0;
        for (int id : best) {
            total += Math.exp(logits[id]);
        }
        Set<Integer> allowed = new TreeSet<>();
        double sum = 0;
        for (int id : best) {
            boolean likely = Math.exp(logits[id] - logits[best.get(0)]) >= minP - 1e-9;
            if (Float.isFinite(logits[id]) && likely && sum < topP * total * (1 + 1e-9)) {
                allowed.add(id);
            }
            sum += Math.exp(logits[id]);
        }
        return allowed;
    }

    @Test
    void theSameSeedDrawsTheSameTokens() {
        float[] logits = new float[1000];
        Random random = new Random(7);
        for (int id = 0; id < logits.length; id++) {
            logits[id] = (float) random.nextGaussian() * 2;
        }
        Sampling sampling = new Sampling(0.8f, 40, 0.95f, 0.05f, 42);
        Sampler first = new Sampler(sampling);
        Sampler second = new Sampler(sampling);
        int[] drawn = new int[8];
        for (int at = 0; at < drawn.length; at++) {
            drawn[at] = first.sample(logits);
            assertEquals(drawn[at], second.sample(logits));
        }
        assertArrayEquals(DRAWN, drawn, "a change here changes what every user's seed gives");
    }

    private static final int[] DRAWN = {417, 8, 317, 317, 317, 317, 317, 317};

    @Test
    void drawsAsOftenAsTheProbabilitiesSay() {
        // Temperature 0.5 squares the odds: 1 : 4 : 16.
        float[] logits = {0, (float) Math.log(2), (float) Math.log(4)};
        Sampler sampler = new Sampler(new Sampling(0.5f, 0, 1, 0, 3));
        int[] counts = new int[3];
        int draws = 21_000;
        for (int draw = 0; draw < draws; draw++) {
            counts[sampler.sample(logits)]++;
        }
        // Five standard deviations of a binomial count.
        assertEquals(1_000, counts[0], 5 * Math.sqrt(draws * (1 / 21.0) * (20 / 21.0)));
        assertEquals(4_000, counts[1], 5 * Math.sqrt(draws * (4 / 21.0) * (17 / 21.0)));
        assertEquals(16_000, counts[2], 5 * Math.sqrt(draws * (16 / 21.0) * (5 / 21.0)));
    }
}
