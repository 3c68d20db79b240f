package dev.quern.cli;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.inspect.FileKind;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.BundleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What commands take that bring a model to a browser. */
final class WebArguments {
    @Parameters(
            paramLabel = "BUNDLE|MODEL.gguf|NAME",
            description =
                    "What the page talks with. A model file or name is compiled into the cache first, for any WebGPU device.")
    private String subject = "";

    @Mixin
    private final CompileTarget target = new CompileTarget();

    /** The bundle, open; compiled first where a model was named. */
    BundleSource open(Context context) throws IOException {
        Path file = context.store().resolve(subject);
        if (FileKind.of(file) == FileKind.BUNDLE) {
            return BundleFiles.source(file);
        }
        // Whose browser it will be is not known: one plan fits every one, and the others cost no weights.
        CompileOptions options = target.profile()
                .map(target::options)
                .orElseGet(() ->
                        target.options(DeviceProfile.PORTABLE).withOthers(List.of(DeviceProfile.CPU_SWIFTSHADER)));
        return BundleFiles.source(context.bundles().bundle(file, options));
    }
}
