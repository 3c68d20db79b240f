package dev.quern.cli;

import dev.quern.cli.arguments.EnumConverter;
import dev.quern.cli.arguments.FreeTextMarks;
import dev.quern.cli.arguments.PathArgument;
import dev.quern.cli.arguments.RawArguments;
import dev.quern.cli.inspect.GraphStage;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.LostOutputException;
import dev.quern.cli.terminal.Terminal;
import dev.quern.ir.Stage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The entry point. */
public final class Quern {
    private Quern() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Terminal terminal = Terminal.ofProcess(System.getProperties(), environment);
        Input input = Input.ofProcess(System.in, System.getProperties());
        // What others print, such as the device's driver, is held to the same rules.
        System.setOut(terminal.out());
        System.setErr(terminal.err());
        int code = execute(terminal, input, environment, RawArguments.of(List.of(arguments)));
        System.exit(code);
    }

    /** Runs the command without anything to read; everything that it writes goes to the terminal. */
    public static int execute(Terminal terminal, Map<String, String> environment, List<String> arguments) {
        return execute(terminal, Input.EMPTY, environment, arguments);
    }

    /** Runs the command; everything that it writes goes to the terminal. */
    public static int execute(Terminal terminal, Input input, Map<String, String> environment, List<String> arguments) {
        var context = new Context(terminal, input, environment);
        int code;
        try {
            code = execute(commandLine(context), arguments);
            // Where something was lost before, this says so again.
            terminal.out().flush();
        } catch (LostOutputException e) {
            code = new Failures(context).lost(e);
        }
        terminal.err().flush();
        return code;
    }

    /** Runs a command line, in which texts may be any text. */
    static int execute(CommandLine commandLine, List<String> arguments) {
        return commandLine.execute(FreeTextMarks.marked(commandLine, arguments).toArray(String[]::new));
    }

    static CommandLine commandLine(Context context) {
        CommandLine commandLine = new CommandLine(new QuernCommand())
                .addSubcommand(new PullCommand(context))
                .addSubcommand(new CompileCommand(context))
                .addSubcommand(new RunCommand(context))
                .addSubcommand(new ChatCommand(context))
                .addSubcommand(new TemplateCommand(context))
                .addSubcommand(new WebCommand(context))
                .addSubcommand(new ExportWebCommand(context))
                .addSubcommand(new LogitsCommand(context))
                .addSubcommand(new TokenizeCommand(context))
                .addSubcommand(new InspectCommand(context))
                .addSubcommand(new DevicesCommand(context))
                .addSubcommand(new VerifyCommand(context))
                .addSubcommand(new BisectCommand(context))
                .addSubcommand(new ExplainCommand(context))
                .addSubcommand(new OptCommand(context))
                .addSubcommand(new RunIrCommand(context))
                .addSubcommand(new CompletionCommand(context))
                .addSubcommand(new HelpCommand(context))
                .addSubcommand(new VersionCommand(context));
        var completion = new CommandLine(new CompletionCommand(context));
        completion.getCommandSpec().usageMessage().hidden(true);
        commandLine.addSubcommand(CompletionCommand.FORMER_NAME, completion);
        return configured(commandLine, context);
    }

    /** How every command line is read, and where it writes. */
    static CommandLine configured(CommandLine commandLine, Context context) {
        Terminal terminal = context.terminal();
        var failures = new Failures(context);
        return commandLine
                .registerConverter(Path.class, PathArgument::of)
                .registerConverter(Stage.class, new EnumConverter<>(Stage.class, "stage"))
                .registerConverter(GraphStage.class, new EnumConverter<>(GraphStage.class, "stage"))
                .setOut(terminal.styled())
                .setErr(terminal.remarks())
                // An argument is what it is: "@name" is a text, or the name of a weight, and no file of arguments.
                .setExpandAtFiles(false)
                .setColorScheme(Help.defaultColorScheme(terminal.color() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.clamp(terminal.columns(), 80, 120))
                .setUsageHelpAutoWidth(false)
                .setAbbreviatedOptionsAllowed(false)
                .setPosixClusteredShortOptionsAllowed(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures::usage)
                .setExecutionExceptionHandler(failures::execution);
    }
}
