package dev.quern.cli;

import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.inspect.FileVerdict;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Visible;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelVerifier.Verdict;
import dev.quern.gguf.Finding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.json.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quern verify}. */
@Command(
        name = "verify",
        description = {
            "Checks model files and bundles: container, tensors, hyper-parameters, tokenizer, hashes.",
            "What it says of a model file is what 'quern compile' with the same options does; --weights covers what compiling"
                    + " finds in the weights.",
            "Prints a verdict for each, ok, warned (usable, but odd) or refused, and how far it was checked."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no file was refused", "1:a file was refused", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {"  quern verify model.gguf model.quern --json", "  quern verify --device smollm2-135m"})
final class VerifyCommand implements Callable<Integer> {
    private final Context context;
    private @Nullable CompileOptions options;

    @Parameters(
            arity = "1..*",
            paramLabel = "BUNDLE|MODEL.gguf|NAME",
            description = "What to check: files, or models by their names.")
    private List<String> subjects = List.of();

    @Option(names = "--json", description = "Print one JSON object a line: file, verdict, findings, what was checked.")
    private boolean json;

    @Option(
            names = "--weights",
            description =
                    "Read all weights of a model file too: look for NaNs and infinities, and try the arithmetic on two tokens.")
    private boolean weights;

    @Option(
            names = "--device",
            description = {
                "Run the self-test on the device too; a kernel that computes wrongly is named.",
                "A model file is compiled into the cache for that."
            })
    private boolean device;

    @Mixin
    private final CompileTarget target = new CompileTarget();

    VerifyCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        boolean refused = false;
        for (String subject : subjects) {
            FileVerdict verdict = verdict(subject);
            refused |= verdict.verdict() == Verdict.REFUSED;
            print(verdict);
        }
        return refused ? 1 : 0;
    }

    private FileVerdict verdict(String subject) {
        try {
            return FileVerdict.of(subject, context.store().resolve(subject), new Scope());
        } catch (StoreException e) {
            return FileVerdict.missing(subject, String.valueOf(e.getMessage()));
        }
    }

    private final class Scope implements FileVerdict.Scope {
        /** The same as it would be compiled for. */
        @Override
        public CompileOptions options() {
            if (options == null) {
                options = target.options(target.profile().orElseGet(Profiles::ofThisMachine));
            }
            return options;
        }

        @Override
        public boolean weights() {
            return weights;
        }

        @Override
        public boolean device() {
            return device;
        }

        @Override
        public Optional<DeviceProfile.Limits> limits() {
            return target.limits();
        }

        @Override
        public Path bundle(Path model) {
            return context.bundles().bundle(model, options());
        }
    }

    private void print(FileVerdict verdict) {
        var out = context.terminal().out();
        if (json) {
            out.println(JsonText.printLine(verdict.json()));
        } else {
            out.println(Visible.line(verdict.file()) + ": "
                    + verdict.verdict().name().toLowerCase(Locale.ROOT));
            for (Finding finding : verdict.findings()) {
                out.println("  " + Visible.line(finding));
            }
            String extent = verdict.extent().toString();
            if (!extent.isEmpty()) {
                out.println("  checked: " + Visible.line(extent));
            }
        }
        out.flush();
    }
}
