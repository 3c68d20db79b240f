package dev.quern.cli;

import dev.quern.cli.bundle.Compilation;
import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.ir.DumpFolder;
import dev.quern.cli.store.OutputFile;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Visible;
import dev.quern.compiler.CompileOptions;
import dev.quern.ir.Stage;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
            "  quern compile model.gguf -o model.quern --for web",
            "  quern compile model.gguf --compile-to=dispatch | less",
            "  quern compile model.gguf --dump-dir dump",
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

    @Option(
            names = "--compile-to",
            paramLabel = "STAGE",
            description =
                    "Write no bundle but the graph as text, to standard output or the file of -o: tensor (after the passes), dispatch (kernels chosen) or plan (every byte in its place).")
    private @Nullable Stage stage;

    @Option(
            names = "--dump-dir",
            paramLabel = "DIR",
            description =
                    "Also write into this folder the graph after each pass that changed it, the graph of kernels, the plan, each kernel, and the commands that repeat each step. An older dump there is replaced.")
    private @Nullable Path dumpFolder;

    @Option(
            names = "--for",
            paramLabel = "WHERE",
            description =
                    "Compile for all devices of a place, which is web: plans for every kind of device that browsers"
                            + " have, over one set of weights. For one kind alone there is --profile.")
    private @Nullable Place place;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private final CompileTarget target = new CompileTarget();

    CompileCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        checkPlace();
        Path file = context.store().resolve(model);
        if (isBundle(file)) {
            throw new StoreException(
                    Visible.line(file)
                            + " is a bundle: it is compiled already. 'quern run' runs it; for another device compile the model file.");
        }
        CompileOptions options = options();
        DeviceProfile profile = options.profile();
        if (dumpFolder == null) {
            compile(file, options, context.compilation());
            return 0;
        }
        try (DumpFolder dump = DumpFolder.create(dumpFolder, profile)) {
            compile(file, options, new Compilation(context.cache(), dump, context.terminal()));
            dump.complete();
        }
        context.terminal().err().println("Dumped to " + Visible.line(dumpFolder) + ".");
        return 0;
    }

    private void checkPlace() {
        if (place == null) {
            return;
        }
        if (target.profile().isPresent()) {
            throw usage(
                    "--for web compiles for every kind of device that browsers have, and --profile names one: leave out"
                            + " either.");
        }
        if (stage != null || dumpFolder != null) {
            throw usage("--compile-to and --dump-dir show what becomes of a model for one kind of device: name it with"
                    + " --profile in place of --for web.");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private CompileOptions options() {
        if (place == null) {
            return target.options(target.profile().orElseGet(Profiles::ofThisMachine));
        }
        return switch (place) {
            case WEB -> ForBrowsers.plans(target::options);
        };
    }

    private void compile(Path file, CompileOptions options, Compilation compilation) throws IOException {
        if (stage == null) {
            bundle(file, options, compilation);
        } else if (output == null) {
            context.terminal().out().print(compilation.text(file, options, stage));
        } else {
            OutputFile.write(output, compilation.text(file, options, stage));
        }
    }

    private void bundle(Path file, CompileOptions options, Compilation compilation) throws IOException {
        Path bundle = output == null ? Path.of(stem(file) + ".quern") : output;
        long start = System.nanoTime();
        Manifest manifest = compilation.run(file, options, bundle);
        double seconds = (System.nanoTime() - start) / 1e9;
        long bytes =
                manifest.files().stream().mapToLong(Manifest.FileEntry::bytes).sum();
        context.terminal()
                .err()
                .println("Compiled " + Visible.line(manifest.model().name()) + " for "
                        + profiles(options) + " in " + Sizes.seconds(seconds) + ": " + Sizes.bytes(bytes)
                        + ", context " + manifest.model().contextLength() + ".");
        context.terminal().path(bundle);
    }

    private static String profiles(CompileOptions options) {
        return Stream.concat(Stream.of(options.profile()), options.others().stream())
                .map(DeviceProfile::name)
                .collect(Collectors.joining(" and "));
    }

    /**
     * Whether it is a bundle by its name or by what lies in it; other zips are for the reader of model files to refuse.
     */
    private static boolean isBundle(Path file) throws IOException {
        return FileKind.of(file) == FileKind.BUNDLE
                && (file.getFileName().toString().endsWith(".quern") || Files.exists(file.resolve(Manifest.FILE)));
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".gguf") ? name.substring(0, name.length() - 5) : name;
    }

    /** Where a bundle is to run. */
    private enum Place {
        WEB
    }
}
