package dev.quern.cli;

import dev.quern.cli.bundle.Compilation;
import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.terminal.Sizes;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quern compile}. */
@Command(
        name = "compile",
        description = "Compiles a GGUF model into a bundle: kernels, a static memory plan and repacked weights.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern compile smollm2-135m",
            "  quern compile model.gguf -o model.quern --profile portable --context 2048",
        })
final class CompileCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "MODEL.gguf|NAME", description = "A model file, a name of 'quern pull', or an address.")
    private String model = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "BUNDLE",
            description =
                    "Where to write: a zip if the name ends in .quern, otherwise a folder. Default: the model's name with .quern.")
    private @Nullable Path output;

    @Mixin
    private final CompileTarget target = new CompileTarget();

    CompileCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Path file = context.store().resolve(model);
        DeviceProfile profile = target.profile().orElseGet(Profiles::ofThisMachine);
        Path bundle = output == null ? Path.of(stem(file) + ".quern") : output;
        CompileOptions options = target.options(profile);
        long start = System.nanoTime();
        Manifest manifest = Compilation.run(file, options, bundle, context.terminal());
        double seconds = (System.nanoTime() - start) / 1e9;
        long bytes =
                manifest.files().stream().mapToLong(Manifest.FileEntry::bytes).sum();
        context.terminal()
                .err()
                .println("Compiled " + manifest.model().name() + " for " + profile.name() + " in "
                        + Sizes.seconds(seconds) + ": " + Sizes.bytes(bytes) + ", context "
                        + manifest.model().contextLength() + ".");
        context.terminal().out().println(bundle);
        return 0;
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".gguf") ? name.substring(0, name.length() - 5) : name;
    }
}
