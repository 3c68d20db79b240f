package dev.quern.cli;

import dev.quern.cli.arguments.FreeText;
import dev.quern.cli.bundle.InterruptedLoad;
import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.chat.Clock;
import dev.quern.cli.start.Share;
import dev.quern.cli.start.Shares;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.terminal.Visible;
import dev.quern.cli.tokens.TextSource;
import dev.quern.plan.json.JsonText;
import dev.quern.runtime.Defaults;
import dev.quern.runtime.Engine;
import dev.quern.runtime.Generation;
import dev.quern.runtime.GenerationListener;
import dev.quern.runtime.GenerationRequest;
import dev.quern.runtime.StopReason;
import dev.quern.runtime.chat.ChatFormat;
import dev.quern.text.Sampling;
import dev.quern.text.chat.ChatMessage;
import dev.quern.text.chat.ChatRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quern run}. */
@Command(
        name = "run",
        description = {
            "Continues a text: the one behind the model, that of -p or -f, otherwise what standard input holds."
                    + " Without any of these, on a terminal, it is a chat.",
            "What is generated goes to standard output as it comes, a line of figures to standard error. On a"
                    + " terminal, control characters in it are shown as \\u{1B}; a file or a pipe gets them as they are."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage", "130:interrupted (Ctrl-C)", "141:the reader has gone"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern run smollm2-135m \"Once upon a time\"",
            "  quern run smollm2-135m --chat \"Why is the sky blue?\"",
            "  quern run model.quern -p \"The answer is\" -n 20 --temperature 0.7 --seed 1",
            "  quern run model.gguf -p \"1, 2, 3,\" --stop 10 --json",
            "  quern run model.gguf -f story.txt",
            "  git log -n 5 | quern run model.gguf",
        })
final class RunCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ModelArguments model = new ModelArguments();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TEXT",
            converter = FreeText.Converter.class,
            description = "The prompt; put -- before one that is spelled like an option.")
    private @Nullable FreeText text;

    @Spec
    private @Nullable CommandSpec spec;

    @ArgGroup
    private final PromptOptions prompt = new PromptOptions();

    @Option(names = "--chat", description = "Take the prompt for a message, and answer it: by the chat template.")
    private boolean chat;

    @Mixin
    private final SystemOption system = new SystemOption();

    @Mixin
    private final TextOptions texts = new TextOptions();

    @Mixin
    private final AnswerOptions answer = new AnswerOptions();

    @Option(names = "--json", description = "Print one JSON object at the end instead of the text.")
    private boolean json;

    @ArgGroup(
            validate = false,
            heading = "%nHow tokens are chosen: the likeliest always, if none of these is given; in a chat as the model"
                    + " advises:%n")
    private final SamplingOptions choice = new SamplingOptions();

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        model.check(true);
        Optional<TextSource> given = given();
        if (given.isEmpty() && isWatched() && !json) {
            return new ChatRun(context, model, system.text(), answer, choice.choice()).call();
        }
        if (system.text().isPresent() && !chat) {
            throw wrong("--system goes with --chat, or with a chat.");
        }
        TextSource source = given.isPresent() ? given.get() : prompt.required(context, Objects.requireNonNull(spec));
        model.check(context, source);
        try (Interrupt interrupt = Interrupt.listen();
                LoadedModel loaded = model.load(context, interrupt)) {
            Engine engine = loaded.engine();
            for (String warning : engine.tokenizer().warnings()) {
                context.terminal().err().println("warning: " + Visible.line(warning));
            }
            GenerationRequest request = chat ? message(engine, source) : text(engine, source);
            Shares.Span firstToken = context.shares().begin(Share.FIRST_TOKEN);
            Generation generation = engine.session().generate(request, interrupt::requested, listener());
            try {
                generation.finish();
            } finally {
                endLine();
            }
            report(request, generation);
            firstToken.closeAfter(generation.statistics().timeToFirstTokenSeconds());
            context.shares().print(context.terminal().err());
            return generation.stopReason() == StopReason.INTERRUPTED ? Interrupt.EXIT_CODE : 0;
        } catch (InterruptedLoad e) {
            return Interrupt.EXIT_CODE;
        }
    }

    /** The prompt that the command line holds, if any. */
    private Optional<TextSource> given() throws IOException {
        if (model.displaced().isPresent() && text != null) {
            throw wrong("Unmatched argument: '" + text.text() + "'. The model is named by an option, and the text is '"
                    + model.displaced().get().text() + "'.");
        }
        Optional<FreeText> parameter = model.displaced().or(() -> Optional.ofNullable(text));
        if (parameter.isEmpty()) {
            return prompt.text(context);
        }
        if (prompt.isGiven()) {
            throw wrong("The prompt is given twice: '" + parameter.get().text() + "' stands behind the model, and there"
                    + " is -p or -f too.");
        }
        return Optional.of(PromptOptions.text(context, parameter.get()));
    }

    /** Whether a person types, and sees what is answered. */
    private boolean isWatched() {
        return context.input().isTerminal() && context.terminal().outIsTerminal();
    }

    private GenerationRequest text(Engine engine, TextSource source) {
        List<Integer> tokens = texts.encode(context, engine, source);
        if (texts.leavesControlTokens(engine, source, tokens)) {
            context.terminal()
                    .err()
                    .println("The prompt spells control tokens, which are read as text. --parse-special takes them as"
                            + " such; --chat writes the model's own template around a message.");
        }
        Sampling sampling = choice.choice().forText(SamplingOptions.drawnSeed());
        return new GenerationRequest(tokens, answer.count(Defaults.TEXT_TOKENS), sampling, answer.stops());
    }

    private GenerationRequest message(Engine engine, TextSource source) {
        ChatFormat format = ChatFormat.of(engine.tokenizerData(), engine.tokenizer());
        if (!format.isOwn()) {
            context.terminal().err().println(TemplateCommand.NO_TEMPLATE);
        }
        List<ChatMessage> messages = new ArrayList<>();
        system.text().ifPresent(each -> messages.add(ChatMessage.of("system", each)));
        messages.add(ChatMessage.of("user", new String(source.bytes(), StandardCharsets.UTF_8)));
        int[] tokens = format.encode(format.render(ChatRequest.of(messages).withTime(Clock.now())));
        List<String> stops = new ArrayList<>(answer.stops());
        stops.addAll(format.stops());
        Sampling sampling = choice.choice().forChat(engine.manifest().model().sampling(), SamplingOptions.drawnSeed());
        return new GenerationRequest(
                Arrays.stream(tokens).boxed().toList(), answer.count(Defaults.CHAT_TOKENS), sampling, stops);
    }

    private GenerationListener listener() {
        return more -> {
            if (!json) {
                context.terminal().data(more);
                context.terminal().out().flush();
            }
        };
    }

    private void endLine() {
        if (!json) {
            context.terminal().out().println();
            context.terminal().out().flush();
        }
    }

    private void report(GenerationRequest request, Generation generation) {
        PrintStream err = context.terminal().err();
        if (json) {
            context.terminal().out().print(JsonText.print(fields(request, generation)));
            context.terminal().out().flush();
        }
        if (answer.verbose()) {
            err.println(StatisticsLine.verbose(generation.statistics(), request.sampling()));
        } else if (!json) {
            err.println(StatisticsLine.of(generation.statistics(), request.sampling()));
        }
        if (!generation.notice().isEmpty()) {
            err.println(generation.notice());
        }
    }

    private static Map<String, Object> fields(GenerationRequest request, Generation generation) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("prompt_tokens", request.prompt());
        fields.put("tokens", generation.tokens());
        fields.put("text", generation.text());
        fields.put("stop_reason", generation.stopReason().text());
        if (!request.sampling().isGreedy()) {
            fields.put("seed", request.sampling().seed());
        }
        fields.put("sampling", StatisticsLine.fields(request.sampling()));
        fields.put("stats", StatisticsLine.fields(generation.statistics()));
        return fields;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
