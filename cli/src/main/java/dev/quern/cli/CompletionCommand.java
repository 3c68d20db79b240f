package dev.quern.cli;

import dev.quern.cli.completion.CompletionScript;
import picocli.CommandLine.Command;

/** {@code quern completion}. */
@Command(
        name = "completion",
        description = {
            "Prints a script that completes commands, options, models and files in bash and zsh.",
            "In a shell, or in the file that it reads at its start: source <(quern completion)"
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Runnable {
    /** Its name in other programs, which is also known. */
    static final String FORMER_NAME = "generate-completion";

    private final Context context;

    CompletionCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        context.terminal().out().print(CompletionScript.of(Quern.commandLine(context)));
    }
}
