package dev.quern.cli;

import dev.quern.cli.bundle.InterruptedLoad;
import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.plan.json.JsonText;
import dev.quern.runtime.Engine;
import dev.quern.runtime.Generation;
import dev.quern.runtime.GenerationListener;
import dev.quern.runtime.GenerationRequest;
import dev.quern.runtime.StopReason;
import dev.quern.text.Sampling;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quern run}. */
@Command(
        name = "run",
        description = {
            "Continues a text.",
            "The text goes to standard output as it comes, a line of statistics to standard error."
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
        })
final class RunCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ModelArguments model = new ModelArguments();

    @Option(
            names = {"-p", "--prompt"},
            required = true,
            paramLabel = "TEXT",
            description = "The text to continue.")
    private String prompt = "";

    @Option(
            names = {"-n", "--tokens"},
            paramLabel = "N",
            converter = TokenCount.class,
            description = "Generate at most N tokens. Default: ${DEFAULT-VALUE}.",
            defaultValue = "128")
    private int count;

    @Option(names = "--stop", paramLabel = "S", description = "End where this string appears; may be repeated.")
    private List<String> stops = List.of();

    @Option(names = "--json", description = "Print one JSON object at the end instead of the text.")
    private boolean json;

    @ArgGroup(validate = false, heading = "%nHow tokens are chosen (greedily, if none of these is given):%n")
    private final SamplingOptions choice = new SamplingOptions();

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        try (Interrupt interrupt = Interrupt.listen();
                LoadedModel loaded = model.load(context, interrupt)) {
            Engine engine = loaded.engine();
            engine.tokenizer()
                    .warnings()
                    .forEach(warning -> context.terminal().err().println("warning: " + warning));
            Sampling sampling = choice.sampling();
            var request = new GenerationRequest(model.encode(engine, prompt), count, sampling, stops);
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
            if (!generation.notice().isEmpty()) {
                context.terminal().err().println(generation.notice());
            }
            return generation.stopReason() == StopReason.INTERRUPTED ? Interrupt.EXIT_CODE : 0;
        } catch (InterruptedLoad e) {
            return Interrupt.EXIT_CODE;
        }
    }

    private GenerationListener listener() {
        PrintStream out = context.terminal().out();
        return text -> {
            if (!json) {
                out.print(text);
                out.flush();
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
