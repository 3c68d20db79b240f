package dev.quern.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code quern help}. */
@Command(
        name = "help",
        description = "Says what a command does and takes; without one, which commands there are.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true)
final class HelpCommand implements Runnable {
    private final Context context;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command.")
    private @Nullable String name;

    HelpCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        CommandLine quern = Quern.commandLine(context);
        CommandLine command = name == null ? quern : quern.getSubcommands().get(name);
        if (command == null) {
            throw new UnmatchedArgumentException(quern, List.of(String.valueOf(name)));
        }
        command.usage(quern.getOut());
    }
}
