package dev.quern.cli;

import dev.quern.cli.kept.Kept;
import dev.quern.cli.kept.Removal;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Visible;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quern rm}. */
@Command(
        name = "rm",
        description = {
            "Removes models and bundles that are kept; with a model the bundles that were made of it.",
            "On a terminal it asks first. What a process is reading is left, and what lies outside the cache is never"
                    + " touched."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:removed", "1:not, or not all of it", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {"  quern rm smollm2-135m", "  quern rm --yes my-model other-model"})
final class RmCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names that 'quern ls' lists, in capitals or not.")
    private List<String> names = List.of();

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object: removed, left (in use), bytes_freed.")
    private boolean json;

    RmCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Removal removal = Removal.of(context.cache(), KeptNames.find(context.inventory(), names));
        if (!yes) {
            Input input = context.input();
            if (!input.isTerminal()) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(),
                        "Nobody can be asked, for standard input is no terminal. Give --yes to remove without a"
                                + " question.");
            }
            if (!isAgreed(removal, input)) {
                context.terminal().err().println("Nothing was removed.");
                return 1;
            }
        }
        return RemovalReport.run(context, removal, json);
    }

    private boolean isAgreed(Removal removal, Input input) throws IOException {
        PrintStream err = context.terminal().err();
        for (Kept kept : removal.kept()) {
            err.println("  " + Visible.line(kept.name()) + " (" + Sizes.bytes(kept.bytes()) + ")");
        }
        long freed = removal.freed();
        if (freed < removal.bytes()) {
            err.println(Sizes.bytes(removal.bytes() - freed)
                    + " of this are weights that other bundles have too, and stay.");
        }
        err.print("Remove this, and free " + Sizes.bytes(freed) + "? [y/N] ");
        err.flush();
        String answer = line(input).strip().toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    /** What is typed until the end of the line. */
    private static String line(Input input) throws IOException {
        var bytes = new StringBuilder();
        for (int next = input.stream().read();
                next >= 0 && next != '\n';
                next = input.stream().read()) {
            bytes.append((char) next);
        }
        return new String(bytes.toString().getBytes(StandardCharsets.ISO_8859_1), input.charset());
    }
}
