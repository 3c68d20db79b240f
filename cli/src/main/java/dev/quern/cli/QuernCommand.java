package dev.quern.cli;

import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;

/** The command itself; all work is in its subcommands. */
@Command(
        name = "quern",
        header = "Runs language models from GGUF files on any GPU that WebGPU reaches.",
        synopsisHeading = "%nUsage: ",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        versionProvider = BuildVersion.class,
        subcommands = GenerateCompletion.class,
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern run smollm2-135m -p \"Once upon a time\"",
            "  quern compile model.gguf -o model.quern",
            "  quern COMMAND --help",
            "",
            "Models and bundles are kept in @|yellow $QUERN_CACHE|@ (otherwise ~/.cache/quern)."
        })
final class QuernCommand {}
