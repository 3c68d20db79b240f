package dev.quern.cli;

import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.explain.Explanation;
import dev.quern.cli.explain.History;
import dev.quern.cli.explain.Overview;
import dev.quern.cli.explain.Subjects;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.store.RefusedFileException;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelCompiler;
import dev.quern.gguf.GgufException;
import dev.quern.plan.json.JsonText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quern explain}. */
@Command(
        name = "explain",
        description = {
            "Says why a model is compiled as it is: what was fused or not, which kernels, where bytes lie.",
            "With VALUE: all there is on one value, weight or kernel, from the model file to the device."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed, or nothing has that name", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern explain smollm2-135m | less",
            "  quern explain smollm2-135m %%layer3.attended",
            "  quern explain model.gguf 'blk.3.*' --profile portable --json",
        })
final class ExplainCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL.gguf|NAME", description = "The model.")
    private String subject = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "VALUE",
            description = {
                "A %%value, a @weight or kernel, or the name alone; * and ? stand for other characters.",
                "Tensors of the model file are found too."
            })
    private @Nullable String value;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private final CompileTarget target = new CompileTarget();

    ExplainCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Path file = context.store().resolve(subject);
        if (FileKind.of(file) == FileKind.BUNDLE) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "A bundle holds what was decided, not why. Give the model file; 'quern inspect " + subject
                            + "' shows what the bundle holds.");
        }
        try (FileByteSource source = FileByteSource.open(file)) {
            CompileOptions options = target.options(target.profile().orElseGet(Profiles::ofThisMachine))
                    .withNames(context.cache().names(file));
            History history = History.of(ModelCompiler.compile(source, options), options.pipeline());
            String name = value;
            if (name == null) {
                overview(new Overview(history));
            } else {
                print(new Subjects(history).named(name));
            }
            return 0;
        } catch (GgufException e) {
            throw new RefusedFileException(file, e);
        }
    }

    private void overview(Overview overview) {
        var out = context.terminal().out();
        out.print(json ? JsonText.print(overview.json()) : overview.text());
    }

    private void print(List<Explanation> explanations) {
        var out = context.terminal().out();
        if (json) {
            out.print(JsonText.print(Map.of(
                    "explanations", explanations.stream().map(Explanation::json).toList())));
            return;
        }
        String separator = "";
        for (Explanation explanation : explanations) {
            out.print(separator + explanation.text());
            separator = "\n";
        }
    }
}
