package dev.quern.cli;

import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.ir.IrException;
import dev.quern.cli.ir.ModuleSource;
import dev.quern.cli.ir.ObserverList;
import dev.quern.cli.ir.PassPrinter;
import dev.quern.cli.ir.PassTimes;
import dev.quern.cli.ir.PlanSource;
import dev.quern.cli.ir.SavedFailure;
import dev.quern.cli.ir.SourceText;
import dev.quern.cli.store.OutputFile;
import dev.quern.codegen.Selection;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.compiler.CompileObserver;
import dev.quern.compiler.Lowering;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.VerificationException;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipeline;
import dev.quern.passes.Pipeline.Verification;
import dev.quern.passes.Pipelines;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.text.PlanWriter;
import dev.quern.plan.verify.PlanException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quern opt}. */
@Command(
        name = "opt",
        description = {
            "Reads a graph as text, checks it, runs passes over it and prints it.",
            "Without --passes, --pipeline and --compile-to the same text comes back, without comments."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern compile smollm2-135m --compile-to=tensor -o graph.qir",
            "  quern opt graph.qir",
            "  quern opt imported.qir --pipeline standard --time-passes -o fused.qir",
            "  quern opt imported.qir --passes fold-constants,fuse-norm --print-after-all",
            "  quern opt fused.qir --compile-to=dispatch --profile portable",
            "  quern opt dump/10-dispatch.qir --compile-to=plan",
        })
final class OptCommand implements Callable<Integer> {
    private final Context context;
    private final Map<String, Pipeline> pipelines;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "FILE.qir|-", description = "The text; - for standard input.")
    private String file = "";

    @ArgGroup
    private @Nullable Choice choice;

    private static final class Choice {
        @Option(
                names = "--passes",
                required = true,
                split = ",",
                paramLabel = "NAME",
                description = "Run these passes, in this order.")
        private List<String> passes = List.of();

        @Option(
                names = "--pipeline",
                required = true,
                paramLabel = "NAME",
                description = "Run the passes of a pipeline: standard, the one that compile runs.")
        private String pipeline = "";
    }

    @Option(
            names = "--pass-limit",
            paramLabel = "N",
            converter = LimitConverter.class,
            description = "Run the first N passes only.")
    private @Nullable Integer limit;

    @Option(
            names = "--verify-each",
            description = "Check the graph after every pass too, not only before the first and after the last.")
    private boolean verifyEach;

    @Option(
            names = "--print-after-all",
            description =
                    "Print the graph after each pass that changed it to standard error, under a comment that names the pass. Standard output holds the result alone.")
    private boolean printAfterAll;

    @Option(names = "--time-passes", description = "Print what each pass took to standard error.")
    private boolean timePasses;

    @Option(
            names = "--compile-to",
            paramLabel = "STAGE",
            description =
                    "Then lower the graph: to dispatch (kernels chosen) or to plan (every byte in its place). Default: the stage of the file.")
    private @Nullable Stage target;

    @Option(
            names = {"--target", "--profile"},
            paramLabel = "P|FILE.json",
            completionCandidates = CompileTarget.Names.class,
            converter = CompileTarget.ProfileConverter.class,
            description =
                    "The kind of device to lower for: ${COMPLETION-CANDIDATES}. Default: what fits this machine's device, or the file.")
    private @Nullable DeviceProfile profile;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write. Default: standard output.")
    private @Nullable Path output;

    OptCommand(Context context) {
        this(context, Pipelines.all());
    }

    OptCommand(Context context, Map<String, Pipeline> pipelines) {
        this.context = context;
        this.pipelines = pipelines;
    }

    @Override
    public Integer call() throws IOException {
        Pipeline pipeline = pipeline();
        SourceText text = SourceText.read(file, context.input());
        Stage stage = Reader.stage(text.name(), text.text());
        if (choice != null && stage != Stage.TENSOR) {
            throw usage("Passes rewrite graphs of the tensor stage, and " + text.name() + " is of the stage "
                    + stage.text() + ": its kernels are chosen. Leave the passes out, or give the file from before.");
        }
        Stage wanted = target == null ? stage : target;
        if (wanted.compareTo(stage) < 0) {
            throw usage(text.name() + " is of the stage " + stage.text() + " already, behind " + wanted.text()
                    + "; a graph is lowered, never raised.");
        }
        String result = stage == Stage.PLAN ? PlanSource.read(text).write() : result(text, pipeline, wanted);
        if (output == null) {
            context.terminal().out().print(result);
        } else {
            OutputFile.write(output, result);
        }
        return 0;
    }

    private String result(SourceText text, Pipeline pipeline, Stage wanted) {
        ModuleSource source = ModuleSource.of(text);
        Module optimised = optimise(source, pipeline);
        return wanted == optimised.stage() ? Writer.write(optimised) : lower(source, pipeline, optimised, wanted);
    }

    private Module optimise(ModuleSource source, Pipeline pipeline) {
        PassTimes times = new PassTimes();
        List<CompileObserver> observers = new ArrayList<>(List.of(times));
        if (printAfterAll) {
            observers.add(
                    new PassPrinter(context.terminal().err(), pipeline.steps().size()));
        }
        Module result = run(
                source.module(),
                pipeline,
                new ObserverList(observers),
                verifyEach ? Verification.EACH : Verification.ENDS);
        if (timePasses) {
            context.terminal().err().print(times.table());
        }
        return result;
    }

    private Module run(Module module, Pipeline pipeline, CompileObserver observer, Verification verification) {
        SavedFailure failure = new SavedFailure(context.cache(), DeviceProfile.PORTABLE);
        try {
            return pipeline.run(module, new PassReport(), ObserverList.of(observer, failure), verification);
        } catch (VerificationException e) {
            if (verification == Verification.EACH) {
                throw failure.explained(e);
            }
            // The pass that did it is found by running all once more.
            run(module, pipeline, CompileObserver.NONE, Verification.EACH);
            throw e;
        } catch (RuntimeException e) {
            throw failure.explained(e);
        }
    }

    private String lower(ModuleSource source, Pipeline pipeline, Module module, Stage wanted) {
        DeviceProfile chosen = profile == null ? Profiles.of(source) : profile;
        SavedFailure failure = new SavedFailure(context.cache(), chosen);
        try {
            Module split = Lowering.split(module, List.of(chosen), OptCommand::rowsOf, failure);
            Selection selection = Lowering.select(split, chosen, failure);
            return wanted == Stage.DISPATCH
                    ? Writer.write(selection.module())
                    : PlanWriter.write(module.name(), Lowering.plan(selection, chosen, failure));
        } catch (SelectionException e) {
            // Behind passes the graph has no lines.
            throw pipeline.steps().isEmpty() ? source.explained(e) : e;
        } catch (PlanException e) {
            throw new IrException(source.name() + " cannot become a plan: " + e.getMessage() + ".", e);
        } catch (RuntimeException e) {
            throw failure.explained(e);
        }
    }

    private static long rowsOf(String tensor) {
        throw new SelectionException("A weight is too large to be bound whole, and is made of the tensor " + tensor
                + " and others. Only the model file says how many rows that has: compile it with the file (quern compile"
                + " GRAPH.qir --weights MODEL.gguf), or write its rows down: \"" + tensor + "\"[0..ROWS].");
    }

    private Pipeline pipeline() {
        Pipeline chosen = new Pipeline(List.of());
        if (choice != null && !choice.pipeline.isEmpty()) {
            chosen = pipelines.get(choice.pipeline);
            if (chosen == null) {
                throw usage("There is no pipeline '" + choice.pipeline + "'; there is "
                        + String.join(", ", pipelines.keySet()) + ".");
            }
        } else if (choice != null) {
            try {
                chosen = new Pipeline(pipelines.values().stream()
                                .flatMap(each -> each.steps().stream())
                                .toList())
                        .only(choice.passes);
            } catch (IllegalArgumentException e) {
                throw usage(String.valueOf(e.getMessage()));
            }
        }
        if (limit == null) {
            return chosen;
        }
        if (choice == null) {
            throw usage("--pass-limit counts passes; name them with --passes or --pipeline.");
        }
        return chosen.limit(limit);
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private static final class LimitConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) Numbers.whole(text, 0, Integer.MAX_VALUE);
        }
    }
}
