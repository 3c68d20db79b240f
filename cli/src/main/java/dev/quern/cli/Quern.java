package dev.quern.cli;

import dev.quern.cli.arguments.EnumConverter;
import dev.quern.cli.arguments.FreeTextMarks;
import dev.quern.cli.arguments.PathArgument;
import dev.quern.cli.arguments.RawArguments;
import dev.quern.cli.arguments.SwitchConverter;
import dev.quern.cli.inspect.GraphStage;
import dev.quern.cli.start.Shares;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.LostOutputException;
import dev.quern.cli.terminal.Terminal;
import dev.quern.ir.Stage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The entry point. */
public final class Quern {
    /** Commands that tell of all the others. */
    private static final Set<String> ABOUT_ALL = Set.of("help", "completion", CompletionCommand.FORMER_NAME);

    private Quern() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Terminal terminal = Terminal.ofProcess(System.getProperties(), environment);
        Shares shares = Shares.ofProcess(Context.isDebug(environment));
        Input input = Input.ofProcess(System.in, System.getProperties());
        // What others print, such as the device's driver, is held to the same rules.
        System.setOut(terminal.out());
        System.setErr(terminal.err());
        int code = execute(new Context(terminal, input, environment, shares), RawArguments.of(List.of(arguments)));
        System.exit(code);
    }

    /** Runs the command without anything to read; everything that it writes goes to the terminal. */
    public static int execute(Terminal terminal, Map<String, String> environment, List<String> arguments) {
        return execute(terminal, Input.EMPTY, environment, arguments);
    }

    /** Runs the command; everything that it writes goes to the terminal. */
    public static int execute(Terminal terminal, Input input, Map<String, String> environment, List<String> arguments) {
        return execute(new Context(terminal, input, environment), arguments);
    }

    private static int execute(Context context, List<String> arguments) {
        Terminal terminal = context.terminal();
        int code;
        try {
            code = execute(commandLine(context, arguments), arguments);
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

    /** Every command by its name, in the order in which help lists them. */
    private static Map<String, Function<Context, Object>> commands() {
        Map<String, Function<Context, Object>> commands = new LinkedHashMap<>();
        commands.put("pull", PullCommand::new);
        commands.put("ls", LsCommand::new);
        commands.put("show", ShowCommand::new);
        commands.put("rm", RmCommand::new);
        commands.put("prune", PruneCommand::new);
        commands.put("compile", CompileCommand::new);
        commands.put("run", RunCommand::new);
        commands.put("chat", ChatCommand::new);
        commands.put("template", TemplateCommand::new);
        commands.put("web", WebCommand::new);
        commands.put("export-web", ExportWebCommand::new);
        commands.put("logits", LogitsCommand::new);
        commands.put("bench", BenchCommand::new);
        commands.put("tokenize", TokenizeCommand::new);
        commands.put("inspect", InspectCommand::new);
        commands.put("devices", DevicesCommand::new);
        commands.put("verify", VerifyCommand::new);
        commands.put("bisect", BisectCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("opt", OptCommand::new);
        commands.put("run-ir", RunIrCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put(CompletionCommand.FORMER_NAME, CompletionCommand::new);
        commands.put("help", HelpCommand::new);
        commands.put("version", VersionCommand::new);
        return commands;
    }

    /** The command line with all commands. */
    static CommandLine commandLine(Context context) {
        return commandLine(context, List.of());
    }

    /**
     * The command line for some arguments: with the command alone that the first of them names, since all that a
     * command takes is found by reflection, which makes up much of a start; with all commands where it names none.
     */
    static CommandLine commandLine(Context context, List<String> arguments) {
        Map<String, Function<Context, Object>> commands = commands();
        var commandLine = new CommandLine(new QuernCommand());
        String first = arguments.isEmpty() ? "" : arguments.getFirst();
        if (commands.containsKey(first) && !ABOUT_ALL.contains(first)) {
            commands.keySet().retainAll(List.of(first));
        }
        commands.forEach((name, command) -> commandLine.addSubcommand(name, command.apply(context)));
        Optional.ofNullable(commandLine.getSubcommands().get(CompletionCommand.FORMER_NAME))
                .ifPresent(former -> former.getCommandSpec().usageMessage().hidden(true));
        return configured(commandLine, context);
    }

    /** How every command line is read, and where it writes. */
    static CommandLine configured(CommandLine commandLine, Context context) {
        Terminal terminal = context.terminal();
        var failures = new Failures(context);
        return commandLine
                .registerConverter(Path.class, PathArgument::of)
                .registerConverter(Boolean.class, new SwitchConverter())
                .registerConverter(Boolean.TYPE, new SwitchConverter())
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
