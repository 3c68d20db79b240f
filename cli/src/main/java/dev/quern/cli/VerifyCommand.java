package dev.quern.cli;

import dev.quern.cli.inspect.FileVerdict;
import dev.quern.gguf.Finding;
import dev.quern.gguf.architecture.ModelVerifier.Verdict;
import dev.quern.plan.json.JsonText;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quern verify}. */
@Command(
        name = "verify",
        description = {
            "Checks model files and bundles: container, tensors, hyper-parameters, tokenizer, hashes.",
            "Prints a verdict for each: ok, warned (usable, but odd) or refused."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no file was refused", "1:a file was refused", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = "  quern verify model.gguf model.quern --json")
final class VerifyCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(arity = "1..*", paramLabel = "FILE.gguf|BUNDLE", description = "Files to check.")
    private List<Path> files = List.of();

    @Option(names = "--json", description = "Print one JSON object a line: file, verdict, findings.")
    private boolean json;

    @Option(names = "--weights", description = "Read all weights too and look for infinities and NaNs.")
    private boolean weights;

    @Option(
            names = "--device",
            description = "Run each bundle's self-test on the device too; a kernel that computes wrongly is named.")
    private boolean device;

    VerifyCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        boolean refused = false;
        for (Path file : files) {
            FileVerdict verdict = FileVerdict.of(file, weights, device);
            refused |= verdict.verdict() == Verdict.REFUSED;
            print(verdict);
        }
        return refused ? 1 : 0;
    }

    private void print(FileVerdict verdict) {
        var out = context.terminal().out();
        if (json) {
            out.println(JsonText.printLine(verdict.json()));
        } else {
            out.println(verdict.file() + ": " + verdict.verdict().name().toLowerCase(Locale.ROOT));
            for (Finding finding : verdict.findings()) {
                out.println("  " + finding);
            }
        }
        out.flush();
    }
}
