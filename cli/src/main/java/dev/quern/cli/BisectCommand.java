package dev.quern.cli;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.bisect.BisectReport;
import dev.quern.cli.bisect.GeneratedWeights;
import dev.quern.cli.bisect.KernelVerdict;
import dev.quern.cli.bisect.KernelWalk;
import dev.quern.cli.bisect.ModelGraph;
import dev.quern.cli.bisect.PassBisection;
import dev.quern.cli.bisect.PassVerdict;
import dev.quern.cli.bisect.ReferenceRun;
import dev.quern.cli.bisect.Workload;
import dev.quern.cli.bundle.HeldSource;
import dev.quern.cli.bundle.InterruptedLoad;
import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.ir.SourceText;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.store.OutputFile;
import dev.quern.cli.store.RefusedFileException;
import dev.quern.cli.terminal.Counted;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.terminal.ProgressLine;
import dev.quern.cli.terminal.Visible;
import dev.quern.cli.tokens.PromptTokens;
import dev.quern.cli.tokens.TextSource;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.gguf.GgufException;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.passes.Pipelines;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.json.JsonText;
import dev.quern.reference.Interpreter;
import dev.quern.runtime.Executor;
import dev.quern.runtime.ExecutorLoader;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.LoadProgress;
import dev.quern.runtime.wgpu.WgpuGpu;
import dev.quern.text.Tokenizer;
import dev.quern.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quern bisect}. */
@Command(
        name = "bisect",
        description = {
            "Finds what first breaks agreement with the reference interpreter: a pass, or else a kernel.",
            "The passes are searched by halves, without a device; the kernels one after the other, on it."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:what was compared agrees; the output says what was",
            "1:something does not, or the command failed",
            "2:wrong usage",
            "130:interrupted (Ctrl-C)"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern bisect smollm2-135m",
            "  quern bisect model.gguf -p \"Once upon\" --profile portable --json",
            "  quern bisect edited.qir",
        })
final class BisectCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final int DEFAULT_TOKENS = 3;
    private static final int MOST_TOKENS = 64;
    private static final double PASS_LIMIT = 1e-10;
    private static final double KERNEL_LIMIT = 1e-6;

    private final Context context;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL.gguf|NAME|FILE.qir",
            description = {
                "A model, or a module at the tensor stage.",
                "A module's weights and inputs are made up, the same in every run; kernels are not compared."
            })
    private String subject = "";

    @ArgGroup
    private final Input input = new Input();

    @Option(
            names = "--limit",
            paramLabel = "NMSE",
            converter = Limit.class,
            description = "What counts as agreement among passes. Default: 1e-10. Kernels have 1e-6.")
    private double limit = PASS_LIMIT;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where to write the module before a pass that does harm. Default: the current folder.")
    private Path output = Path.of("");

    @Option(names = "--no-device", description = "Compare passes only.")
    private boolean noDevice;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private final CompileTarget target = new CompileTarget();

    @Mixin
    private final TextOptions texts = new TextOptions();

    private static final class Input extends PromptOptions {
        @Option(
                names = "--tokens",
                required = true,
                split = ",",
                paramLabel = "ID",
                converter = TokenId.class,
                description =
                        "Tokens instead of a prompt. Default: " + DEFAULT_TOKENS + ", spread over the vocabulary.")
        private List<Integer> tokens = List.of();
    }

    BisectCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (Interrupt interrupt = Interrupt.listen()) {
            BisectReport report = report(interrupt);
            context.terminal().out().print(json ? JsonText.print(report.json()) : report.text());
            return report.isFinding() ? 1 : 0;
        } catch (InterruptedLoad e) {
            context.terminal().err().println("Interrupted; nothing was decided.");
            return INTERRUPTED;
        }
    }

    private BisectReport report(Interrupt interrupt) throws IOException {
        Path file = interrupt.whileWaiting(() -> context.store().resolve(subject));
        try (ProgressLine progress = context.terminal().steps("Comparing with the reference")) {
            Ticks ticks = new Ticks(interrupt, progress);
            return file.toString().endsWith(".qir") ? ofModule(file, ticks) : ofModel(file, ticks);
        }
    }

    private BisectReport ofModule(Path file, Ticks ticks) throws IOException {
        if (!input.tokens.isEmpty() || input.isGiven() || target.isGiven()) {
            throw usage("A module is computed on inputs that are made up and lowered for no device: give no tokens,"
                    + " prompt, profile, context or cache with it.");
        }
        SourceText source = SourceText.read(file.toString(), context.input());
        Module module = Reader.read(source.name(), source.text());
        if (module.stage() != Stage.TENSOR) {
            throw new IllegalArgumentException(file + " holds a module at the stage "
                    + module.stage().text() + "; passes run, and the interpreter computes, at the stage tensor.");
        }
        GeneratedWeights weights = new GeneratedWeights(module);
        Workload workload = Workload.ofModule(module);
        ReferenceRun run = new ReferenceRun(changed -> new Interpreter(changed, weights), workload, ticks::tick);
        PassVerdict passes = new PassBisection(run, limit).find(module, Pipelines.standard());
        return new BisectReport(
                Counted.of(workload.calls().size(), "function") + ", once each, on made-up inputs and weights",
                passes,
                limit,
                new KernelVerdict.Skipped("A module without its model's weights is not run on a device."),
                KERNEL_LIMIT,
                save(passes));
    }

    private BisectReport ofModel(Path file, Ticks ticks) throws IOException {
        if (FileKind.of(file) == FileKind.BUNDLE) {
            throw usage("A bundle holds no graph to search in. Give the model file, or try 'quern verify --device "
                    + subject + "'.");
        }
        try (FileByteSource source = FileByteSource.open(file)) {
            CompileOptions options = target.options(target.profile().orElseGet(Profiles::ofThisMachine))
                    .withNames(context.cache().names(file));
            CompiledModel compiled = ModelCompiler.compile(source, options);
            List<Integer> tokens = tokens(compiled);
            // A statement's results and the largest weight need room beside the weights that are kept.
            long budget = Runtime.getRuntime().maxMemory() / 2;
            ModelGraph graph = ModelGraph.of(compiled.file(), tokens, options.cache(), budget, ticks::tick);
            PassVerdict passes = new PassBisection(graph.run(), limit).find(graph.imported(), options.pipeline());
            KernelVerdict kernels = switch (passes) {
                case PassVerdict.Agrees agrees -> kernels(file, options, compiled, agrees, graph.run(), ticks);
                case PassVerdict.Breaks _, PassVerdict.Fails _ ->
                    new KernelVerdict.Skipped("Kernels compute what the passes leave, which is wrong already.");
            };
            return new BisectReport(
                    "tokens "
                            + String.join(
                                    ", ", tokens.stream().map(String::valueOf).toList()) + " of "
                            + Visible.line(compiled.facts().name()) + ", by step and by prefill; profile "
                            + options.profile().name(),
                    passes,
                    limit,
                    kernels,
                    KERNEL_LIMIT,
                    save(passes));
        } catch (GgufException e) {
            throw new RefusedFileException(file, e);
        }
    }

    private KernelVerdict kernels(
            Path file,
            CompileOptions options,
            CompiledModel compiled,
            PassVerdict.Agrees passes,
            ReferenceRun run,
            Ticks ticks) {
        if (noDevice) {
            return new KernelVerdict.Skipped("--no-device was given.");
        }
        DeviceProfile profile = options.profile();
        try (WgpuGpu gpu = WgpuGpu.open(target.limits())) {
            Path bundle = context.bundles().bundle(file, options);
            try (BundleSource source = HeldSource.open(context.cache(), bundle);
                    Executor executor =
                            ExecutorLoader.load(BundleFiles.reader(source), gpu, profile.name(), LoadProgress.SILENT)) {
                return new KernelWalk(
                                passes.module(),
                                run.interpreters(),
                                compiled.selection(),
                                executor,
                                KERNEL_LIMIT,
                                ticks::tick)
                        .find(passes.observation());
            }
        } catch (GpuException e) {
            if (e.kind() != GpuException.Kind.NO_DEVICE) {
                throw e;
            }
            return new KernelVerdict.Skipped(String.valueOf(e.getMessage()));
        }
    }

    private List<Integer> tokens(CompiledModel compiled) throws IOException {
        int vocabulary = compiled.facts().vocabularySize();
        int most = Math.min(MOST_TOKENS, compiled.facts().contextLength());
        Optional<TextSource> prompt = input.text(context);
        List<Integer> tokens = input.tokens;
        if (prompt.isPresent()) {
            Tokenizer tokenizer = Tokenizers.of(compiled.tokenizer());
            tokens = PromptTokens.encode(tokenizer, texts.tokens(true), prompt.get(), most, _ -> "Shorten it.");
        } else if (tokens.isEmpty()) {
            tokens = ModelGraph.tokens(DEFAULT_TOKENS, vocabulary);
        }
        if (tokens.isEmpty() || tokens.size() > most) {
            throw usage("From 1 to " + most + " tokens are compared, not " + tokens.size() + ".");
        }
        for (int token : tokens) {
            if (token >= vocabulary) {
                throw usage("The model has no token " + token + "; its tokens are 0 to " + (vocabulary - 1) + ".");
            }
        }
        return tokens;
    }

    /** Writes what the pass that was found was given. */
    private Optional<Path> save(PassVerdict verdict) throws IOException {
        return switch (verdict) {
            case PassVerdict.Agrees _ -> Optional.empty();
            case PassVerdict.Breaks breaks -> Optional.of(save(breaks.pass(), breaks.moduleBefore()));
            case PassVerdict.Fails fails -> Optional.of(save(fails.pass(), fails.moduleBefore()));
        };
    }

    private Path save(String pass, Module module) throws IOException {
        if (!output.toString().isEmpty()) {
            OutputFile.requireFolderOf(output);
            Files.createDirectories(output);
        }
        Path file = output.resolve("before-" + pass + ".qir");
        OutputFile.write(file, Writer.write(module));
        return file;
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    /** Counts what was computed; how much there will be is known only at the end. */
    private static final class Ticks {
        private final Interrupt interrupt;
        private final ProgressLine progress;
        private long count;

        Ticks(Interrupt interrupt, ProgressLine progress) {
            this.interrupt = interrupt;
            this.progress = progress;
        }

        void tick() {
            if (interrupt.requested()) {
                throw new InterruptedLoad();
            }
            count++;
            progress.at(count, 0);
        }
    }

    private static final class TokenId implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) Numbers.whole(text, 0, Integer.MAX_VALUE);
        }
    }

    private static final class Limit implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            return Numbers.nonNegative(text);
        }
    }
}
