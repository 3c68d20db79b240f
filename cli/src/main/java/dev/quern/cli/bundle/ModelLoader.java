package dev.quern.cli.bundle;

import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.start.Share;
import dev.quern.cli.start.Shares;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.Reasons;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.store.VerifiedFiles;
import dev.quern.cli.terminal.Terminal;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.BundleException;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
import dev.quern.runtime.Engine;
import dev.quern.runtime.Executor;
import dev.quern.runtime.ExecutorLoader;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Loads models, and does at the same time what can be done so: the device opens while manifest, plan and tokenizer are
 * read.
 *
 * @param cache where bundles are kept, and the account of verified files
 * @param terminal where progress is shown
 * @param insist whether every file is to be compared with its hash, also if that was done before
 * @param shares takes the time of each part
 */
public record ModelLoader(CacheFolder cache, Terminal terminal, boolean insist, Shares shares) {

    /**
     * Loads a bundle, or a model file that is compiled into the cache first.
     *
     * @param wanted the profile to run; otherwise what fits the device
     * @param options what to compile a model file with, for a profile
     * @param opening the device; if this fails it is closed
     * @param interrupted asked now and then whether to give up
     * @throws InterruptedLoad if it was
     */
    public LoadedModel load(
            Path file,
            Optional<DeviceProfile> wanted,
            Function<DeviceProfile, CompileOptions> options,
            OpeningDevice opening,
            BooleanSupplier interrupted) {
        return switch (kind(file)) {
            case BUNDLE -> loadBundle(file, wanted, opening, interrupted);
            case GGUF -> loadModel(file, wanted, options, opening, interrupted);
        };
    }

    private LoadedModel loadBundle(
            Path file, Optional<DeviceProfile> wanted, OpeningDevice opening, BooleanSupplier interrupted) {
        try (ReadBundle bundle = read(file)) {
            List<DeviceProfile> profiles = bundle.reader().manifest().profiles();
            if (wanted.isPresent() || profiles.size() == 1) {
                bundle.plan(wanted.orElseGet(profiles::getFirst).name());
            }
            WgpuGpu gpu = opening.take();
            try {
                String profile = wanted.orElseGet(() -> ProfileMatcher.choose(profiles, gpu.info()))
                        .name();
                return engine(bundle, profile, gpu, interrupted);
            } catch (RuntimeException e) {
                gpu.close();
                throw e;
            }
        }
    }

    /** Which bundle it will be depends on the device; one that is here is read before the device is known. */
    private LoadedModel loadModel(
            Path file,
            Optional<DeviceProfile> wanted,
            Function<DeviceProfile, CompileOptions> options,
            OpeningDevice opening,
            BooleanSupplier interrupted) {
        var bundles = new BundleCache(cache, terminal);
        List<DeviceProfile> likely = wanted.map(List::of).orElse(DeviceProfile.ALL);
        Optional<ReadBundle> ahead = readAhead(bundles, file, likely, options);
        try {
            WgpuGpu gpu = opening.take();
            try {
                // Smaller limits than most devices have split weights further; larger ones leave weights whole.
                DeviceProfile usual = wanted.orElseGet(() -> ProfileMatcher.best(gpu.info()))
                        .atMost(gpu.info().limits());
                DeviceProfile fitted = wanted.isPresent() ? usual : ProfileMatcher.fitted(gpu.info());
                Path path = found(() -> bundles.bundle(file, options.apply(usual), options.apply(fitted)));
                if (ahead.filter(bundle -> bundle.path().equals(path)).isPresent()) {
                    return engine(ahead.get(), usual.name(), gpu, interrupted);
                }
                try (ReadBundle bundle = read(path)) {
                    return engine(bundle, only(bundle).name(), gpu, interrupted);
                }
            } catch (RuntimeException e) {
                gpu.close();
                throw e;
            }
        } finally {
            ahead.ifPresent(ReadBundle::close);
        }
    }

    /** The profile of a bundle that was compiled for one. */
    private static DeviceProfile only(ReadBundle bundle) {
        return bundle.reader().manifest().profiles().getFirst();
    }

    private Optional<ReadBundle> readAhead(
            BundleCache bundles,
            Path file,
            List<DeviceProfile> likely,
            Function<DeviceProfile, CompileOptions> options) {
        for (DeviceProfile profile : likely) {
            Optional<Path> kept = found(() -> bundles.kept(file, options.apply(profile)));
            if (kept.isPresent()) {
                return readAhead(kept.get(), profile);
            }
        }
        return Optional.empty();
    }

    private Optional<ReadBundle> readAhead(Path kept, DeviceProfile profile) {
        ReadBundle bundle;
        try {
            bundle = read(kept);
        } catch (BundleException e) {
            // If it is the one that is wanted, it is read again, and then the error is told.
            return Optional.empty();
        }
        try {
            bundle.plan(profile.name());
            return Optional.of(bundle);
        } catch (BundleException e) {
            bundle.close();
            return Optional.empty();
        } catch (RuntimeException e) {
            bundle.close();
            throw e;
        }
    }

    private <T> T found(Supplier<T> search) {
        try (Shares.Span _ = shares.begin(Share.BUNDLE)) {
            return search.get();
        }
    }

    private ReadBundle read(Path path) {
        try {
            return new ReadBundle(cache, path, VerifiedFiles.of(cache, path, insist), shares);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private LoadedModel engine(ReadBundle bundle, String profile, WgpuGpu gpu, BooleanSupplier interrupted) {
        // Not before the device is open: on two cores that is what all else waits for.
        bundle.readWords();
        Plan plan = bundle.plan(profile);
        Executor executor;
        try (var progress = new LoadingLines(terminal, interrupted);
                var loader = new ExecutorLoader(
                        bundle.reader(), gpu, plan, new TimedTransfer(bundle.reader(), gpu, shares), progress)) {
            while (!loader.done()) {
                bundle.check();
                advance(loader);
            }
            executor = loader.executor();
        }
        try {
            ReadBundle.Words words = bundle.words();
            bundle.known().save();
            return new LoadedModel(
                    gpu,
                    new Engine(
                            bundle.reader().manifest(), words.data(), words.tokenizer(), executor, System::nanoTime));
        } catch (RuntimeException e) {
            executor.close();
            throw e;
        }
    }

    private void advance(ExecutorLoader loader) {
        switch (loader.stage()) {
            case RESOURCES, PIPELINES -> timed(Share.PIPELINES, loader);
            case BINDINGS -> timed(Share.BINDINGS, loader);
            // The transfer tells reading from uploading.
            case WEIGHTS, DONE -> loader.advance();
        }
    }

    private void timed(Share share, ExecutorLoader loader) {
        try (Shares.Span _ = shares.begin(share)) {
            loader.advance();
        }
    }

    private static FileKind kind(Path file) {
        try {
            return FileKind.of(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static StoreException unreadable(Path file, IOException cause) {
        return new StoreException(file + " cannot be read: " + Reasons.of(cause) + ".", cause);
    }
}
