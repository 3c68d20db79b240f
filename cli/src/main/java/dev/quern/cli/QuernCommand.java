package dev.quern.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command itself: by itself it says what there is. All work is in its subcommands. */
@Command(
        name = "quern",
        header = "Runs language models from GGUF files on any GPU that WebGPU reaches.",
        synopsisHeading = "%nUsage: ",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern run smollm2-135m -p \"Once upon a time\"",
            "  quern compile model.gguf -o model.quern",
            "  quern help COMMAND",
            "",
            "  source <(quern completion)    completes commands, options, models and files in bash and zsh",
            "",
            "Models and bundles are kept in @|yellow $QUERN_CACHE|@ (otherwise ~/.cache/quern)."
        })
final class QuernCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        var command = Objects.requireNonNull(spec).commandLine();
        command.usage(command.getOut());
    }
}
