package dev.quern.cli.bundle;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.start.Share;
import dev.quern.cli.start.Shares;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.VerifiedFiles;
import dev.quern.plan.Plan;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Manifest;
import dev.quern.text.Tokenizer;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerJson;
import dev.quern.text.Tokenizers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A bundle that is being read: its manifest and plan by the command's thread, its tokenizer by another. */
final class ReadBundle implements AutoCloseable {
    private final Path path;
    private final Shares shares;
    private final VerifiedFiles known;
    private final BundleSource source;
    private final BundleReader reader;
    private Optional<Plan> plan = Optional.empty();
    private CompletableFuture<Words> words = CompletableFuture.failedFuture(new IllegalStateException("not begun"));

    /** The tokenizer, and what it is made of. */
    record Words(TokenizerData data, Tokenizer tokenizer) {}

    /** Opens a bundle. */
    ReadBundle(CacheFolder cache, Path path, VerifiedFiles known, Shares shares) {
        this.path = path;
        this.known = known;
        this.shares = shares;
        source = HeldSource.open(cache, path);
        try {
            reader = BundleFiles.reader(source, known);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** Begins to read the tokenizer on another thread. */
    void readWords() {
        words = Background.run("tokenizer", () -> {
            // A source serves one thread.
            try (Shares.Span _ = shares.begin(Share.TOKENIZER);
                    BundleSource own = BundleFiles.source(path)) {
                var data = TokenizerJson.read(BundleFiles.reader(own, known).text(Manifest.TOKENIZER_FILE));
                return new Words(data, Tokenizers.of(data));
            }
        });
    }

    Path path() {
        return path;
    }

    /** What is known of its files. */
    VerifiedFiles known() {
        return known;
    }

    BundleReader reader() {
        return reader;
    }

    /** The plan for a profile, read once. */
    Plan plan(String profile) {
        Plan known = plan.filter(each -> each.profile().name().equals(profile)).orElse(null);
        if (known != null) {
            return known;
        }
        try (Shares.Span _ = shares.begin(Share.PLAN)) {
            Plan read = reader.plan(profile);
            plan = Optional.of(read);
            return read;
        }
    }

    /** Throws what is wrong with the tokenizer, if that is known already: before a gigabyte of weights is read. */
    void check() {
        if (words.isCompletedExceptionally()) {
            words();
        }
    }

    /** Waits for the tokenizer. */
    Words words() {
        return Background.join(words);
    }

    /** Ends reading; what the tokenizer's thread has not said yet is of no interest any more. */
    @Override
    public void close() {
        try {
            words.join();
        } catch (CompletionException e) {
            // Either it was thrown by words(), or loading has failed for another reason.
            words.cancel(false);
        }
        source.close();
    }
}
