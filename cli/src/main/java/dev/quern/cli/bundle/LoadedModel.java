package dev.quern.cli.bundle;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.store.Reasons;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.ProgressLine;
import dev.quern.cli.terminal.Terminal;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.runtime.Engine;
import dev.quern.runtime.LoadProgress;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A model on this machine's device. */
public final class LoadedModel implements AutoCloseable {
    private final WgpuGpu gpu;
    private final Engine engine;

    private LoadedModel(WgpuGpu gpu, Engine engine) {
        this.gpu = gpu;
        this.engine = engine;
    }

    /**
     * Loads a bundle, or a model file that is compiled into the cache first.
     *
     * @param wanted the profile to run; otherwise what fits the device
     * @param options what to compile a model file with, for a profile
     * @param interrupted asked now and then whether to give up
     * @throws InterruptedLoad if it was
     */
    public static LoadedModel open(
            Path file,
            Optional<DeviceProfile> wanted,
            Function<DeviceProfile, CompileOptions> options,
            BundleCache cache,
            Terminal terminal,
            BooleanSupplier interrupted) {
        WgpuGpu gpu = WgpuGpu.open();
        try {
            DeviceProfile profile = wanted.orElseGet(() -> ProfileMatcher.best(gpu.info()));
            boolean compiled = kind(file) == FileKind.BUNDLE;
            Path bundle = compiled ? file : cache.bundle(file, options.apply(profile));
            String named = compiled ? wanted.map(DeviceProfile::name).orElse(null) : profile.name();
            try (BundleSource source = BundleFiles.source(bundle);
                    Loading loading = new Loading(terminal, interrupted)) {
                Engine engine = Engine.load(BundleFiles.reader(source), gpu, named, loading, System::nanoTime);
                return new LoadedModel(gpu, engine);
            }
        } catch (RuntimeException e) {
            gpu.close();
            throw e;
        }
    }

    /** What runs the model. */
    public Engine engine() {
        return engine;
    }

    @Override
    public void close() {
        engine.close();
        gpu.close();
    }

    private static FileKind kind(Path file) {
        try {
            return FileKind.of(file);
        } catch (IOException e) {
            throw new StoreException(file + " cannot be read: " + Reasons.of(e) + ".", e);
        }
    }

    /** A line of progress for each phase; silent where nobody watches, because loading is short. */
    private static final class Loading implements LoadProgress, AutoCloseable {
        private final Terminal terminal;
        private final BooleanSupplier interrupted;
        private final Map<Phase, ProgressLine> lines = new EnumMap<>(Phase.class);

        Loading(Terminal terminal, BooleanSupplier interrupted) {
            this.terminal = terminal;
            this.interrupted = interrupted;
        }

        @Override
        public void report(Phase phase, long done, long total) {
            if (interrupted.getAsBoolean()) {
                throw new InterruptedLoad();
            }
            if (terminal.errIsTerminal()) {
                lines.computeIfAbsent(phase, this::line).at(done, total);
                if (done == total) {
                    close();
                }
            }
        }

        private ProgressLine line(Phase phase) {
            return switch (phase) {
                case WEIGHTS -> terminal.bytes("Loading weights");
                case PIPELINES -> terminal.steps("Building pipelines");
            };
        }

        @Override
        public void close() {
            lines.values().forEach(ProgressLine::close);
        }
    }
}
