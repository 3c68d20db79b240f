package dev.quern.cli;

import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.store.KnownModel;
import dev.quern.cli.store.ModelStore;
import dev.quern.cli.store.ModelStore.Stored;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Table;
import dev.quern.cli.terminal.Visible;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelVerifier;
import dev.quern.compiler.ModelVerifier.Verdict;
import dev.quern.gguf.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quern pull}. */
@Command(
        name = "pull",
        description = {
            "Fetches a model, or lists the names.",
            "An interrupted download goes on where it stopped; what is already here is not fetched again.",
            "A server that is silent or busy is asked again: docs/downloads.md says how often."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern pull",
            "  quern pull smollm2-135m",
            "  quern pull https://example.org/model.gguf#sha256=0f1e...",
            "",
            "Environment:",
            "  HF_TOKEN       who asks: sent to huggingface.co, and to no other server",
            "  HF_ENDPOINT    another server for huggingface.co, which is sent the token too",
            "  http_proxy, https_proxy, all_proxy, no_proxy",
            "                 http://USER:PASSWORD@HOST:PORT, and the hosts that are reached without",
        })
final class PullCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME|URL",
            description =
                    "A name from the list, or the address of a GGUF file; #sha256=HEX at its end names the hash to"
                            + " expect.")
    private @Nullable String model;

    @Option(names = "--as", paramLabel = "NAME", description = "The name to store it under.")
    private @Nullable String as;

    PullCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        ModelStore store = context.store();
        if (model == null) {
            if (as != null && spec != null) {
                throw new ParameterException(spec.commandLine(), "--as needs a NAME or URL to pull.");
            }
            list(store.stored());
            return 0;
        }
        Path file = store.pull(model, Optional.ofNullable(as));
        context.terminal().err().println("The model is here (" + Sizes.bytes(new Stored(model, file).bytes()) + "):");
        context.terminal().path(file);
        tellWhetherItRuns(file);
        return 0;
    }

    /** What 'quern verify' says of it, now rather than when it is to be run. */
    private void tellWhetherItRuns(Path file) throws IOException {
        try (FileByteSource source = FileByteSource.open(file)) {
            CompileOptions options = CompileOptions.of(Profiles.ofThisMachine());
            ModelVerifier.Report report = ModelVerifier.verify(source, options, false);
            if (report.verdict() == Verdict.REFUSED) {
                context.terminal().err().println("Quern cannot run it:");
            }
            for (Finding finding : report.findings()) {
                context.terminal().err().println("  " + Visible.line(finding));
            }
        }
    }

    private void list(List<Stored> stored) throws IOException {
        var table = new Table("NAME", "SIZE", "HERE", "MODEL");
        for (KnownModel known : KnownModel.ALL) {
            boolean here = stored.stream().anyMatch(each -> each.name().equals(known.name()));
            table.row(known.name(), Sizes.bytes(known.bytes()), here ? "yes" : "no", known.description());
        }
        for (Stored each : stored) {
            if (KnownModel.named(each.name()).isEmpty()) {
                table.row(
                        each.name(),
                        Sizes.bytes(each.bytes()),
                        "yes",
                        each.file().toString());
            }
        }
        context.terminal().out().print(table);
    }
}
