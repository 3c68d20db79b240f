package dev.quern.cli;

import dev.quern.cli.arguments.FreeText;
import dev.quern.cli.bundle.InterruptedLoad;
import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.start.Share;
import dev.quern.cli.start.Shares;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.terminal.Visible;
import dev.quern.cli.tokens.TextSource;
import dev.quern.plan.json.JsonText;
import dev.quern.runtime.Engine;
import dev.quern.runtime.Generation;
import dev.quern.runtime.GenerationListener;
import dev.quern.runtime.GenerationRequest;
import dev.quern.runtime.StopReason;
import dev.quern.text.Sampling;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quern run}. */
@Command(
        name = "run",
        description = {
            "Continues a text: that of -p or -f, otherwise what standard input holds.",
            "What is generated goes to standard output as it comes, a line of statistics to standard error. On a"
                + " terminal, control characters in it are shown as \\u{1B}; a file or a pipe gets them as they are."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage", "130:interrupted (Ctrl-C)"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern run smollm2-135m -p \"Once upon a time\"",
            "  quern run model.quern -p \"The answer is\" -n 20 --temperature 0.7 --top-p 0.9 --seed 1",
            "  quern run model.gguf -p \"1, 2, 3,\" --stop 10 --json",
            "  quern run model.gguf -f story.txt",
            "  git log -n 5 | quern run model.gguf",
        })
final class RunCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ModelArguments model = new ModelArguments();

    @Spec
    private @Nullable CommandSpec spec;

    @ArgGroup
    private final PromptOptions prompt = new PromptOptions();

    @Option(
            names = {"-n", "--tokens"},
            paramLabel = "N",
            converter = TokenCount.class,
            description = "Generate at most N tokens. Default: ${DEFAULT-VALUE}.",
            defaultValue = "128")
    private int count;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            converter = FreeText.CharactersConverter.class,
            description = "End where this text appears; may be repeated.")
    private List<FreeText> stops = List.of();

    @Option(names = "--json", description = "Print one JSON object at the end instead of the text.")
    private boolean json;

    @ArgGroup(validate = false, heading = "%nHow tokens are chosen (greedily, if none of these is given):%n")
    private final SamplingOptions choice = new SamplingOptions();

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        TextSource text = prompt.required(context, Objects.requireNonNull(spec));
        try (Interrupt interrupt = Interrupt.listen();
                LoadedModel loaded = model.load(context, interrupt)) {
            Engine engine = loaded.engine();
            engine.tokenizer()
                    .warnings()
                    .forEach(warning -> context.terminal().err().println("warning: " + Visible.line(warning)));
            Sampling sampling = choice.sampling();
            var request = new GenerationRequest(
                    model.encode(context, engine, text),
                    count,
                    sampling,
                    stops.stream().map(FreeText::text).toList());
            Shares.Span firstToken = context.shares().begin(Share.FIRST_TOKEN);
            Generation generation = engine.session().generate(request, interrupt::requested, listener());
            try {
                generation.finish();
            } finally {
                endLine();
            }
            if (json) {
                context.terminal().out().print(JsonText.print(fields(request, generation)));
                context.terminal().out().flush();
            } else {
                context.terminal().err().println(StatisticsLine.of(generation.statistics(), sampling));
            }
            firstToken.closeAfter(generation.statistics().timeToFirstTokenSeconds());
            context.shares().print(context.terminal().err());
            if (!generation.notice().isEmpty()) {
                context.terminal().err().println(generation.notice());
            }
            return generation.stopReason() == StopReason.INTERRUPTED ? Interrupt.EXIT_CODE : 0;
        } catch (InterruptedLoad e) {
            return Interrupt.EXIT_CODE;
        }
    }

    private GenerationListener listener() {
        return text -> {
            if (!json) {
                context.terminal().data(text);
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

    private static Map<String, Object> fields(GenerationRequest request, Generation generation) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("prompt_tokens", request.prompt());
        fields.put("tokens", generation.tokens());
        fields.put("text", generation.text());
        fields.put("stop_reason", generation.stopReason().text());
        fields.put("stats", StatisticsLine.fields(generation.statistics()));
        return fields;
    }

    private static final class TokenCount implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) Numbers.whole(text, 1, Integer.MAX_VALUE);
        }
    }
}
