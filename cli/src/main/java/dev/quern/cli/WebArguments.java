package dev.quern.cli;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.bundle.HeldSource;
import dev.quern.cli.inspect.FileKind;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.BundleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What commands take that bring a model to a browser. */
final class WebArguments {
    @Parameters(
            paramLabel = "BUNDLE|MODEL.gguf|NAME",
            arity = "0..1",
            description = "What the page talks with. A model file or name is compiled into the cache first."
                    + " Without it the page asks for a model file, and compiles it in the browser.")
    private @Nullable String subject;

    @Option(
            names = {"--target", "--profile"},
            paramLabel = "P|FILE.json",
            completionCandidates = CompileTarget.Names.class,
            converter = CompileTarget.ProfileConverter.class,
            description = "The kind of device: ${COMPLETION-CANDIDATES}. Default: portable and cpu-swiftshader,"
                    + " of which the page takes what fits the visitor's device.")
    private @Nullable DeviceProfile profile;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Mixin
    private final ContextOption positions = new ContextOption();

    @Mixin
    private final CacheOption cache = new CacheOption();

    /**
     * The bundle, open; compiled first where a model was named.
     *
     * @return nothing where nothing was named: the page is to be alone
     */
    Optional<BundleSource> open(Context context) throws IOException {
        if (subject == null) {
            return Optional.empty();
        }
        Path file = context.store().resolve(subject);
        if (FileKind.of(file) == FileKind.BUNDLE) {
            return Optional.of(BundleFiles.source(file));
        }
        CompileOptions options = profile == null ? ForBrowsers.plans(positions::options) : positions.options(profile);
        return Optional.of(HeldSource.open(context.cache(), context.bundles().bundle(file, cache.applied(options))));
    }

    /** Refuses what is said of a model where none is named. */
    void check() {
        if (subject == null && (profile != null || positions.isGiven() || cache.isGiven())) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--profile, --context and --cache are about a model, and none is named. A page without a model"
                            + " compiles what it is given, for the device that it is on.");
        }
    }
}
