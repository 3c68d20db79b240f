package dev.quern.cli;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.bundle.HeldSource;
import dev.quern.cli.inspect.FileKind;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.BundleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands take that bring a model to a browser. */
final class WebArguments {
    @Parameters(
            paramLabel = "BUNDLE|MODEL.gguf|NAME",
            description = "What the page talks with. A model file or name is compiled into the cache first.")
    private String subject = "";

    @Option(
            names = "--profile",
            paramLabel = "P",
            completionCandidates = CompileTarget.Names.class,
            converter = CompileTarget.ProfileConverter.class,
            description = "The kind of device: ${COMPLETION-CANDIDATES}. Default: portable and cpu-swiftshader,"
                    + " of which the page takes what fits the visitor's device.")
    private @Nullable DeviceProfile profile;

    @Mixin
    private final ContextOption positions = new ContextOption();

    @Mixin
    private final CacheOption cache = new CacheOption();

    /** The bundle, open; compiled first where a model was named. */
    BundleSource open(Context context) throws IOException {
        Path file = context.store().resolve(subject);
        if (FileKind.of(file) == FileKind.BUNDLE) {
            return BundleFiles.source(file);
        }
        // Whose browser it will be is not known: one plan fits every one, and the others cost no weights.
        CompileOptions options = profile == null
                ? positions.options(DeviceProfile.PORTABLE).withOthers(List.of(DeviceProfile.CPU_SWIFTSHADER))
                : positions.options(profile);
        return HeldSource.open(context.cache(), context.bundles().bundle(file, cache.applied(options)));
    }
}
