package dev.quern.runtime;

import dev.quern.plan.Plan;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.Manifest;
import dev.quern.text.Tokenizer;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerJson;
import dev.quern.text.Tokenizers;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A model on a device, ready to run: bundle, tokenizer, executor and session in one place.
 *
 * <pre>
 * try (var source = …;
 *         var gpu = …;
 *         var engine = Engine.load(BundleReader.open(source, digests), gpu, null, progress, clock)) {
 *     var prompt = engine.tokenizer().encode("Once upon a time", Tokenizer.Options.PROMPT);
 *     var generation = engine.session().generate(GenerationRequest.greedy(prompt, 64), () -&gt; false, out::print);
 *     generation.finish();
 * }
 * </pre>
 */
public final class Engine implements AutoCloseable {
    private final Manifest manifest;
    private final TokenizerData tokenizerData;
    private final Tokenizer tokenizer;
    private final Executor executor;
    private final Session session;

    /**
     * Puts together what is loaded already.
     *
     * @param nanoseconds a clock that only moves forward
     */
    public Engine(BundleReader bundle, Executor executor, LongSupplier nanoseconds) {
        this(bundle, readTokenizer(bundle), executor, nanoseconds);
    }

    private Engine(BundleReader bundle, TokenizerData data, Executor executor, LongSupplier nanoseconds) {
        this(bundle.manifest(), data, Tokenizers.of(data), executor, nanoseconds);
    }

    /**
     * Puts together what was loaded in parts, by a host that does several things at once.
     *
     * @param tokenizer made of the data
     * @param nanoseconds a clock that only moves forward
     */
    public Engine(
            Manifest manifest, TokenizerData data, Tokenizer tokenizer, Executor executor, LongSupplier nanoseconds) {
        this.manifest = manifest;
        tokenizerData = data;
        this.tokenizer = tokenizer;
        this.executor = executor;
        session = new Session(executor, tokenizer, manifest.model(), nanoseconds);
    }

    private static TokenizerData readTokenizer(BundleReader bundle) {
        return TokenizerJson.read(bundle.text(Manifest.TOKENIZER_FILE));
    }

    /**
     * Loads in one go, for hosts that can wait. Bundle and device stay the caller's; the bundle is not needed after
     * this.
     *
     * @param profile the name of one of the bundle's profiles, or null for the first that fits the device
     * @throws dev.quern.plan.BundleException if the bundle is damaged
     * @throws GpuException if the device refuses or does not fit
     */
    public static Engine load(
            BundleReader bundle, Gpu gpu, @Nullable String profile, LoadProgress progress, LongSupplier nanoseconds) {
        return load(bundle, gpu, profile, new BufferedTransfer(bundle, gpu), progress, nanoseconds);
    }

    /** The same for hosts that bring weights to the device in a way of their own. */
    public static Engine load(
            BundleReader bundle,
            Gpu gpu,
            @Nullable String profile,
            WeightTransfer transfer,
            LoadProgress progress,
            LongSupplier nanoseconds) {
        // The tokenizer first: it fails faster than a gigabyte of weights.
        var data = readTokenizer(bundle);
        Executor executor;
        try (var loader = new ExecutorLoader(bundle, gpu, profile, transfer, progress)) {
            executor = loader.finish();
        }
        try {
            return new Engine(bundle, data, executor, nanoseconds);
        } catch (RuntimeException e) {
            executor.close();
            throw e;
        }
    }

    /** What the bundle holds. */
    public Manifest manifest() {
        return manifest;
    }

    /** The plan that runs. */
    public Plan plan() {
        return executor.plan();
    }

    /** Text to tokens and back. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** All that the model says of its tokenizer, the chat template among it. */
    public TokenizerData tokenizerData() {
        return tokenizerData;
    }

    /** The one session: there is one set of states. */
    public Session session() {
        return session;
    }

    /** Frees the model's memory on the device; the device stays. */
    @Override
    public void close() {
        executor.close();
    }
}
