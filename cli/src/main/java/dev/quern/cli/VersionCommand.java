package dev.quern.cli;

import picocli.CommandLine.Command;

/** {@code quern version}. */
@Command(
        name = "version",
        description = "Prints the version, as --version does.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable {
    private final Context context;

    VersionCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        for (String line : new BuildVersion().getVersion()) {
            context.terminal().out().println(line);
        }
    }
}
