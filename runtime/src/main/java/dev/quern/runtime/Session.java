package dev.quern.runtime;

import dev.quern.plan.bundle.Manifest;
import dev.quern.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a model: the states of an executor, and which tokens they hold. One piece of work runs at a time;
 * a prompt that begins like what was read and generated before is read only from where it differs.
 */
public final class Session {
    private final Executor executor;
    private final Tokenizer tokenizer;
    private final Manifest.Model model;
    private final PlanCosts costs;
    private final LongSupplier nanoseconds;
    private final HeldTokens held;
    private @Nullable Work current;

    /**
     * A session with empty states.
     *
     * @param nanoseconds a clock that only moves forward
     */
    public Session(Executor executor, Tokenizer tokenizer, Manifest.Model model, LongSupplier nanoseconds) {
        this.executor = executor;
        this.tokenizer = tokenizer;
        this.model = model;
        this.costs = PlanCosts.of(executor.plan());
        this.held = new HeldTokens(Rings.of(executor.plan(), executor.chunk()));
        this.nanoseconds = nanoseconds;
    }

    /**
     * Begins to generate; nothing runs before {@link Generation#advance}.
     *
     * @param interrupted asked between pieces of work whether to stop
     * @throws PromptException if the prompt is empty, too long, or has tokens that the model does not know
     */
    public Generation generate(GenerationRequest request, BooleanSupplier interrupted, GenerationListener listener) {
        checkPrompt(request.prompt());
        var generation = new Generation(this, request, interrupted, listener);
        begin(generation);
        return generation;
    }

    /**
     * Goes on with a generation of another session, one whose device is gone: its prompt and the tokens that it chose
     * are read again, and what follows is chosen as it would have been there, from the same state of the sampler. Its
     * figures go on too. The other is of no use any more.
     *
     * @throws IllegalStateException if it has ended
     */
    public Generation resume(Generation broken) {
        if (broken.done()) {
            throw new IllegalStateException("the generation has ended; there is nothing to go on with");
        }
        var generation = new Generation(this, broken);
        begin(generation);
        return generation;
    }

    /**
     * Forgets what was read and generated: the next prompt is read from its beginning.
     *
     * @throws IllegalStateException if work runs
     */
    public void reset() {
        checkIdle();
        held.clear();
    }

    /**
     * Begins to compute logits, one row for each token.
     *
     * @throws PromptException as {@link #generate}
     */
    public Scoring score(List<Integer> tokens, Scoring.Rows rows) {
        checkPrompt(tokens);
        var scoring = new Scoring(this, tokens, rows);
        begin(scoring);
        return scoring;
    }

    /**
     * Work for its time alone; forgets what was read and generated.
     *
     * @throws IllegalStateException if work runs
     */
    public Trial trial() {
        reset();
        return new Trial(executor, model.contextLength(), nanoseconds);
    }

    private void begin(Work work) {
        checkIdle();
        current = work;
    }

    private void checkIdle() {
        var before = current;
        if (before != null && !before.done()) {
            throw new IllegalStateException("the session is busy; finish what was begun, or interrupt it");
        }
    }

    /** Work that has failed is over: the session may begin another. Its states hold what {@link #held} says. */
    @SuppressWarnings("ReferenceEquality") // Work is what it is, not what it holds.
    void abandon(Work failed) {
        if (current == failed) {
            current = null;
        }
    }

    private void checkPrompt(List<Integer> tokens) {
        if (tokens.isEmpty()) {
            throw PromptException.empty();
        }
        if (tokens.size() > model.contextLength()) {
            int room = model.contextLength();
            throw new PromptTooLongException(
                    "The prompt has " + tokens.size() + " tokens, but this bundle has room for " + room + ". "
                            + PromptTooLongException.remedy(tokens.size(), model.trainedContextLength()),
                    tokens.size(),
                    room);
        }
        for (int i = 0; i < tokens.size(); i++) {
            int id = tokens.get(i);
            if (id < 0 || id >= model.vocabularySize()) {
                throw new PromptException("Token " + i + " of the prompt is " + id
                        + ", but the model knows tokens from 0 to " + (model.vocabularySize() - 1) + ".");
            }
        }
    }

    Executor executor() {
        return executor;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    Manifest.Model model() {
        return model;
    }

    PlanCosts costs() {
        return costs;
    }

    HeldTokens held() {
        return held;
    }

    long now() {
        return nanoseconds.getAsLong();
    }

    /**
     * What to throw where a step left logits that are not finite. What the states hold from where it failed first is
     * forgotten.
     *
     * @param tokens those at the positions from 0 on, that of the step being the last
     */
    NotFiniteException failed(List<Integer> tokens) {
        NotFiniteException failure = FailureSearch.find(executor, tokens);
        held.truncate(Math.min(held.size(), failure.position()));
        return failure;
    }

    /** Whether no number is NaN or infinite. */
    static boolean isFinite(float[] logits) {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                return false;
            }
        }
        return true;
    }

    /** The logits of the model's tokens; the device's buffer may be longer. */
    float[] ofVocabulary(float[] logits) {
        int size = model.vocabularySize();
        return logits.length == size ? logits : Arrays.copyOf(logits, size);
    }
}
