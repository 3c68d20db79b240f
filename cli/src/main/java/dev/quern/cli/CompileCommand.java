package dev.quern.cli;

import dev.quern.cli.arguments.EnumConverter;
import dev.quern.cli.bundle.Compilation;
import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.ir.DumpFolder;
import dev.quern.cli.ir.ModuleSource;
import dev.quern.cli.ir.SourceText;
import dev.quern.cli.store.OutputFile;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Visible;
import dev.quern.compiler.CompileOptions;
import dev.quern.ir.Stage;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quern compile}. */
@Command(
        name = "compile",
        description = {
            "Compiles a GGUF model into a bundle: kernels, a static memory plan and repacked weights.",
            "A graph as text, which --compile-to writes, becomes a bundle with the weights of --weights."
        },
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
            "  quern compile dump/10-dispatch.qir --weights model.gguf -o edited.quern",
        })
final class CompileCommand implements Callable<Integer> {
    private static final String GRAPH = ".qir";

    private final Context context;

    @Parameters(
            paramLabel = "MODEL.gguf|NAME|FILE.qir",
            description = "A model file, a name of 'quern pull', an address, or a graph as text.")
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
            converter = PlaceConverter.class,
            description =
                    "Compile for all devices of a place, which is web: plans for every kind of device that browsers"
                            + " have, over one set of weights. For one kind alone there is --profile.")
    private @Nullable Place place;

    @Option(
            names = "--weights",
            paramLabel = "MODEL",
            description =
                    "Of a graph as text: the model file, or its name, whose weights and tokenizer the bundle gets. The graph is compiled as it stands, without passes; kernels are chosen where it names none.")
    private @Nullable String weights;

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
        if (model.endsWith(GRAPH)) {
            graph();
            return 0;
        }
        if (weights != null) {
            throw usage("--weights is for a graph as text, a file whose name ends in " + GRAPH + "; "
                    + Visible.line(model) + " brings weights of its own.");
        }
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

    /** A graph as text says itself what other options decide. */
    private void graph() throws IOException {
        if (weights == null) {
            throw usage(Visible.line(model) + " is a graph, which has neither weights nor a tokenizer; name the model"
                    + " file that it was made of with --weights.");
        }
        if (place != null) {
            throw usage("A graph as text is of one kind of device; --for web takes a model file.");
        }
        if (stage != null || dumpFolder != null) {
            throw usage("A graph as text becomes a bundle here; 'quern opt " + Visible.line(model)
                    + "' runs passes over it, lowers it and prints it.");
        }
        Optional<String> decided = target.decidesStates();
        if (decided.isPresent()) {
            throw usage(decided.get() + " belongs to a model file: the states of a graph as text stand in it.");
        }
        SourceText text = SourceText.read(model, context.input());
        if (Reader.stage(text.name(), text.text()) == Stage.PLAN) {
            throw usage(
                    text.name() + " is of the stage plan, where nothing says what is computed; give the graph of the"
                            + " stage tensor or dispatch that it was made of.");
        }
        ModuleSource source = ModuleSource.of(text);
        DeviceProfile profile = target.profile().orElseGet(() -> Profiles.of(source));
        Path file = context.store().resolve(weights);
        Path bundle = bundle(model.substring(0, model.length() - GRAPH.length()));
        long start = System.nanoTime();
        tell(context.compilation().run(source, file, profile, bundle), profile.name(), start, bundle);
    }

    private Path bundle(String stem) {
        return output == null ? Path.of(Path.of(stem).getFileName() + ".quern") : output;
    }

    private void bundle(Path file, CompileOptions options, Compilation compilation) throws IOException {
        Path bundle = bundle(stem(file));
        long start = System.nanoTime();
        tell(compilation.run(file, options, bundle), profiles(options), start, bundle);
    }

    private void tell(Manifest manifest, String profiles, long start, Path bundle) {
        double seconds = (System.nanoTime() - start) / 1e9;
        long bytes =
                manifest.files().stream().mapToLong(Manifest.FileEntry::bytes).sum();
        context.terminal()
                .err()
                .println("Compiled " + Visible.line(manifest.model().name()) + " for "
                        + profiles + " in " + Sizes.seconds(seconds) + ": " + Sizes.bytes(bytes)
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

    private static final class PlaceConverter implements ITypeConverter<Place> {
        @Override
        public Place convert(String word) {
            return new EnumConverter<>(Place.class, "place").convert(word);
        }
    }
}
