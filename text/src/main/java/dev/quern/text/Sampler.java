package dev.quern.text;

import java.util.Arrays;

/**
 * Draws tokens from logits: the penalty on repetitions, then top-k, then top-p, then min-p, then temperature. Each
 * looks at the distribution that the one before left, and the likeliest token always stays.
 *
 * <p>With z the logits (no unit) that are left and m the greatest: p<sub>i</sub> = exp(z<sub>i</sub> - m) / Σ
 * exp(z<sub>j</sub> - m) is what top-p sums and min-p compares; the token is drawn with exp((z<sub>i</sub> - m) /
 * temperature). Of equal logits the lower id counts as the greater.
 *
 * <p>The penalty is that of llama.cpp: of every token among the last ones, however often it stands there, a positive
 * logit is divided by the penalty and any other multiplied.
 *
 * <p>A sampler keeps its buffers, the last tokens and the state of its generator: one per stream of tokens. It hears of
 * every token through {@link #accept}, those of the prompt included.
 */
public final class Sampler {
    private final Sampling sampling;
    private final RandomSource random;
    private int[] ids = new int[0];
    private double[] weights = new double[0];

    /** The last tokens; the oldest is overwritten first. */
    private int[] recent = new int[0];

    private long accepted;

    /** A sampler at the beginning of its seed's numbers. */
    public Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.random = new RandomSource(sampling.seed());
    }

    /** The likeliest token: the greatest logit, of equals the lowest id. */
    public static int greedy(float[] logits) {
        int best = -1;
        for (int id = 0; id < logits.length; id++) {
            if (Float.isNaN(logits[id])) {
                throw new IllegalArgumentException("The logit of token " + id
                        + " is not a number (NaN): the model's arithmetic has" + " failed before sampling.");
            }
            if (best < 0 || logits[id] > logits[best]) {
                best = id;
            }
        }
        if (best < 0) {
            throw new IllegalArgumentException("There are no logits to sample from.");
        }
        return best;
    }

    /** Hears of a token that stands before what is drawn next. */
    public void accept(int id) {
        if (!sampling.penalisesRepetition()) {
            return;
        }
        int window = sampling.repeatLast();
        if (recent.length < window && accepted == recent.length) {
            recent = Arrays.copyOf(recent, (int) Math.min(window, Math.max(16, 2L * recent.length)));
        }
        recent[(int) (accepted++ % window)] = id;
    }

    /**
     * The next token.
     *
     * @param logits one number a token, by id; left unchanged. Tokens that must not be drawn have negative infinity
     * @throws IllegalArgumentException if there are none, one is not a number, or none is finite
     */
    public int sample(float[] logits) {
        return sampling.penalisesRepetition() && accepted > 0 ? choose(penalised(logits)) : choose(logits);
    }

    private float[] penalised(float[] logits) {
        int[] distinct = Arrays.copyOf(recent, (int) Math.min(accepted, sampling.repeatLast()));
        Arrays.sort(distinct);
        float[] penalised = logits.clone();
        for (int index = 0; index < distinct.length; index++) {
            int id = distinct[index];
            boolean isRepeated = index > 0 && distinct[index - 1] == id;
            if (!isRepeated && id >= 0 && id < penalised.length) {
                float logit = penalised[id];
                penalised[id] = logit > 0 ? logit / sampling.repeatPenalty() : logit * sampling.repeatPenalty();
            }
        }
        return penalised;
    }

    private int choose(float[] logits) {
        int best = greedy(logits);
        if (sampling.isGreedy()) {
            return best;
        }
        float greatest = logits[best];
        if (Float.isInfinite(greatest)) {
            throw new IllegalArgumentException(
                    "The greatest logit is " + greatest + " (token " + best + "); a finite one is" + " expected.");
        }
        if (ids.length < logits.length) {
            ids = new int[logits.length];
            weights = new double[logits.length];
        }
        int count = sampling.topK() > 0 && sampling.topK() < logits.length ? selectTopK(logits) : selectAll(logits);
        if (sampling.topP() < 1) {
            count = keepTopP(logits, count, greatest);
        }
        if (sampling.minP() > 0) {
            count = keepMinP(logits, count, greatest);
        }
        return draw(logits, count, greatest);
    }

    private int selectAll(float[] logits) {
        for (int id = 0; id < logits.length; id++) {
            ids[id] = id;
        }
        return logits.length;
    }

    /** The k greatest, held in a heap whose root is the least of them: most logits cost one comparison. */
    private int selectTopK(float[] logits) {
        int count = sampling.topK();
        for (int id = 0; id < count; id++) {
            ids[id] = id;
        }
        for (int hole = count / 2 - 1; hole >= 0; hole--) {
            siftDown(logits, hole, count, false);
        }
        for (int id = count; id < logits.length; id++) {
            if (logits[id] > logits[ids[0]]) {
                ids[0] = id;
                siftDown(logits, 0, count, false);
            }
        }
        return count;
    }

    /**
     * The fewest of the likeliest whose probabilities reach top-p. Only as many are put in order as are kept: the
     * greatest come off a heap one by one, to the end of the array.
     */
    private int keepTopP(float[] logits, int count, float greatest) {
        double total = 0;
        for (int index = 0; index < count; index++) {
            total += Exponential.ofNegative((double) logits[ids[index]] - greatest);
        }
        for (int hole = count / 2 - 1; hole >= 0; hole--) {
            siftDown(logits, hole, count, true);
        }
        double wanted = sampling.topP() * total;
        double sum = 0;
        int left = count;
        while (left > 0 && (sum < wanted || left == count)) {
            int greatestId = ids[0];
            left--;
            ids[0] = ids[left];
            ids[left] = greatestId;
            siftDown(logits, 0, left, true);
            sum += Exponential.ofNegative((double) logits[greatestId] - greatest);
        }
        int kept = count - left;
        System.arraycopy(ids, left, ids, 0, kept);
        return kept;
    }

    private int keepMinP(float[] logits, int count, float greatest) {
        int kept = 0;
        for (int index = 0; index < count; index++) {
            if (Exponential.ofNegative((double) logits[ids[index]] - greatest) >= sampling.minP()) {
                ids[kept++] = ids[index];
            }
        }
        return kept;
    }

    private int draw(float[] logits, int count, float greatest) {
        double total = 0;
        for (int index = 0; index < count; index++) {
            total += Exponential.ofNegative(((double) logits[ids[index]] - greatest) / sampling.temperature());
            weights[index] = total;
        }
        double point = random.nextUnit() * total;
        for (int index = 0; index < count; index++) {
            if (point < weights[index]) {
                return ids[index];
            }
        }
        // Only where rounding puts the point on the total itself: the last token that has any weight.
        int last = count - 1;
        while (last > 0 && weights[last - 1] == total) {
            last--;
        }
        return ids[last];
    }

    private void siftDown(float[] logits, int start, int count, boolean greatestFirst) {
        int hole = start;
        int moving = ids[hole];
        while (true) {
            int child = 2 * hole + 1;
            if (child >= count) {
                break;
            }
            if (child + 1 < count && isGreater(logits, ids[child + 1], ids[child]) == greatestFirst) {
                child++;
            }
            if (isGreater(logits, ids[child], moving) != greatestFirst) {
                break;
            }
            ids[hole] = ids[child];
            hole = child;
        }
        if (count > 0) {
            ids[hole] = moving;
        }
    }

    private static boolean isGreater(float[] logits, int left, int right) {
        return logits[left] > logits[right] || (logits[left] == logits[right] && left < right);
    }
}
