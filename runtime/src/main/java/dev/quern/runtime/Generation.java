package dev.quern.runtime;

import dev.quern.plan.EntryPoint;
import dev.quern.text.Detokenizer;
import dev.quern.text.Sampler;
import dev.quern.text.Sampling;
import dev.quern.text.StopStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One continuation of one prompt. Begun by {@link Session#generate}; each {@link #advance} reads a chunk of the prompt
 * or computes some tokens.
 *
 * <p>All tokens of the prompt but the last are read by {@code prefill}, or by steps if they are few; the last is the
 * first step's. A greedy choice stays on the device: several steps run, each with the token that the one before picked,
 * and then the ring is read once. Their number grows from 1 to 8, so that the first token shows at once and later ones
 * cost few reads. Where generation ends within such a batch, the states hold a few tokens too many; they lie behind all
 * that counts, and the next prompt writes over them.
 *
 * <p>Where logits are not finite, {@link #advance} throws {@link NotFiniteException}, whether tokens are picked or
 * drawn.
 */
public final class Generation implements Work {
    /** The most steps that are encoded before their tokens are read. */
    static final int MAX_BATCH = 8;

    /** So few tokens are read by steps: hosts then need no kernel that other prompts alone need. */
    private static final int MAX_STEPS_OF_PROMPT = 4;

    /** A batch that takes longer is felt as a stutter and delays an interrupt. */
    private static final long MAX_BATCH_NANOSECONDS = 250_000_000;

    private final Session session;
    private final GenerationRequest request;
    private final BooleanSupplier interrupted;
    private final GenerationListener listener;
    private final Sampler sampler;
    private final Detokenizer detokenizer;
    private final StopStrings stops;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> tokens = new ArrayList<>();
    private final int promptTokens;
    private final int reusedTokens;
    private final long begin;

    /**
     * What is read before the first step: the prompt, and in a generation that goes on elsewhere what it had chosen.
     */
    private final List<Integer> beginning;

    /** Whether it is read by steps. */
    private final boolean inSteps;

    /** The token that the next step reads; its position is the number of tokens held. */
    private int nextToken;

    /** Whether the device holds that token and its position already. */
    private boolean onDevice;

    private int batch = 1;
    private int generated;
    private long firstTokenTime;
    private long lastTokenTime;
    private boolean done;

    /** Whether the step that read {@link #nextToken} has left logits that are not finite. */
    private boolean failed;

    private StopReason stopReason = StopReason.INTERRUPTED;

    Generation(Session session, GenerationRequest request, BooleanSupplier interrupted, GenerationListener listener) {
        this.session = session;
        this.request = request;
        this.interrupted = interrupted;
        this.listener = listener;
        sampler = new Sampler(request.sampling());
        request.prompt().forEach(sampler::accept);
        detokenizer = Detokenizer.ofContinuation(session.tokenizer());
        stops = new StopStrings(request.stops());
        promptTokens = request.prompt().size();
        reusedTokens = session.held().keep(request.prompt());
        beginning = request.prompt();
        inSteps = isReadInSteps(beginning.size() - reusedTokens);
        nextToken = beginning.getLast();
        begin = session.now();
    }

    /** A generation that goes on in another session as if it had always run there. */
    Generation(Session session, Generation before) {
        this.session = session;
        request = before.request;
        interrupted = before.interrupted;
        listener = before.listener;
        sampler = before.sampler;
        detokenizer = before.detokenizer;
        stops = before.stops;
        text.append(before.text);
        tokens.addAll(before.tokens);
        promptTokens = before.promptTokens;
        reusedTokens = before.reusedTokens;
        generated = before.generated;
        firstTokenTime = before.firstTokenTime;
        lastTokenTime = before.lastTokenTime;
        begin = before.begin;
        List<Integer> known = known();
        beginning = known;
        nextToken = known.getLast();
        inSteps = isReadInSteps(known.size() - session.held().keep(known));
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void advance(Runnable then) {
        try {
            piece(then);
        } catch (RuntimeException problem) {
            session.abandon(this);
            throw problem;
        }
    }

    private void piece(Runnable then) {
        if (failed) {
            throw session.failed(known());
        } else if (done) {
            then.run();
        } else if (interrupted.getAsBoolean()) {
            end(StopReason.INTERRUPTED);
            then.run();
        } else if (session.held().size() < beginning.size() - 1) {
            if (inSteps) {
                readInSteps(then);
            } else {
                prefill(then);
            }
        } else if (request.sampling().isLargestLogit()) {
            pick(then);
        } else {
            sample(then);
        }
    }

    /** Whether so many tokens of a prompt, its last among them, are read with the kernels of steps alone. */
    public static boolean isReadInSteps(int tokens) {
        return tokens - 1 <= MAX_STEPS_OF_PROMPT;
    }

    private void readInSteps(Runnable then) {
        var executor = session.executor();
        for (int position = session.held().size(); position < beginning.size() - 1; position++) {
            executor.set(beginning.get(position), position);
            executor.step();
            session.held().append(beginning.get(position));
        }
        then.run();
    }

    private void prefill(Runnable then) {
        var executor = session.executor();
        int first = session.held().size();
        int count = Math.min(executor.chunk(), beginning.size() - 1 - first);
        var ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = beginning.get(first + i);
        }
        executor.prefill(ids, 0, count, first);
        for (int id : ids) {
            session.held().append(id);
        }
        if (session.held().size() < beginning.size() - 1) {
            // Without waiting, all chunks would be queued at once, and an interrupt would come too late.
            executor.settle(then);
        } else {
            then.run();
        }
    }

    private void pick(Runnable then) {
        var executor = session.executor();
        int position = session.held().size();
        if (!onDevice) {
            executor.set(nextToken, position);
            onDevice = true;
        }
        int count = Math.min(Math.min(batch, executor.ringSlots()), stepsLeft());
        long start = session.now();
        session.held().wrote(position + count);
        for (int i = 0; i < count; i++) {
            executor.stepAndPick();
        }
        executor.readRing(position, count, picked -> {
            long time = session.now();
            for (int i = 0; i < count && !done && !failed; i++) {
                failed = picked[i] == EntryPoint.NO_TOKEN;
                if (!failed) {
                    take(picked[i], time);
                }
            }
            adaptBatch(time - start);
            then.run();
        });
    }

    private void adaptBatch(long elapsed) {
        if (elapsed > MAX_BATCH_NANOSECONDS) {
            batch = Math.max(1, batch / 2);
        } else if (2 * elapsed <= MAX_BATCH_NANOSECONDS) {
            batch = Math.min(MAX_BATCH, 2 * batch);
        }
    }

    private void sample(Runnable then) {
        var executor = session.executor();
        executor.set(nextToken, session.held().size());
        session.held().wrote(session.held().size() + 1);
        executor.step();
        executor.readLogits(read -> {
            float[] logits = session.ofVocabulary(read);
            failed = !Session.isFinite(logits);
            if (!failed) {
                take(sampler.sample(logits), session.now());
            }
            then.run();
        });
    }

    /** The prompt, and what was chosen since: the last is the token of the next step. */
    private List<Integer> known() {
        List<Integer> known = new ArrayList<>(request.prompt());
        known.addAll(tokens);
        return known;
    }

    /** How many steps may still run: for tokens that are wanted, at positions that there are. */
    private int stepsLeft() {
        return Math.min(
                request.maxTokens() - generated,
                session.model().contextLength() - session.held().size());
    }

    /** A step has read {@link #nextToken} and chosen another. */
    private void take(int id, long time) {
        session.held().append(nextToken);
        nextToken = id;
        generated++;
        firstTokenTime = generated == 1 ? time : firstTokenTime;
        lastTokenTime = time;
        tokens.add(id);
        sampler.accept(id);
        if (session.tokenizer().isEndOfGeneration(id)) {
            end(StopReason.END_OF_TEXT);
            return;
        }
        listener.token(id);
        give(stops.feed(detokenizer.feed(id)));
        if (stops.matched()) {
            end(StopReason.STOP_STRING);
        } else if (generated == request.maxTokens()) {
            end(StopReason.MAX_TOKENS);
        } else if (stepsLeft() == 0) {
            end(StopReason.CONTEXT_FULL);
        }
    }

    private void end(StopReason reason) {
        done = true;
        stopReason = reason;
        if (!stops.matched()) {
            give(stops.feed(detokenizer.flush()));
            give(stops.flush());
        }
    }

    private void give(String more) {
        if (!more.isEmpty()) {
            text.append(more);
            listener.text(more);
        }
    }

    /** The tokens generated so far; one that ends the text is among them, though it has no text. */
    public List<Integer> tokens() {
        return List.copyOf(tokens);
    }

    /** How tokens are chosen. */
    public Sampling sampling() {
        return request.sampling();
    }

    /** The text given out so far. */
    public String text() {
        return text.toString();
    }

    /** Why generation ended; asked only when it is {@link #done}. */
    public StopReason stopReason() {
        if (!done) {
            throw new IllegalStateException("generation has not ended");
        }
        return stopReason;
    }

    /** A sentence on the reason, for people; empty where there is nothing to add. */
    public String notice() {
        return done && stopReason == StopReason.CONTEXT_FULL
                ? "The context is full: " + promptTokens + " tokens of the prompt and " + generated
                        + " generated ones fill its " + session.model().contextLength()
                        + " positions. Compile the model with a larger --context for more."
                : "";
    }

    /** What it has cost so far. */
    public Statistics statistics() {
        long first = generated == 0 ? session.now() : firstTokenTime;
        long last = generated == 0 ? first : lastTokenTime;
        return Statistics.of(session, promptTokens, reusedTokens, generated, first - begin, last - first);
    }
}
