package dev.quern.cli;

import dev.quern.cli.bench.Benchmark;
import dev.quern.cli.bench.Reports;
import dev.quern.cli.bundle.InterruptedLoad;
import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.terminal.ProgressLine;
import dev.quern.plan.json.JsonText;
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

/** {@code quern bench}. */
@Command(
        name = "bench",
        description = {
            "Measures how fast a model reads prompts and writes answers here: the median of several trials after one"
                    + " that does not count.",
            "Compare figures of one machine, measured while nothing else runs. Depths are positions before the test,"
                    + " whatever they hold."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern bench smollm2-135m",
            "  quern bench model.gguf -p 128,512 -n 64 -d 0,2048 --context 4096",
            "  quern bench model.gguf --markdown",
        })
final class BenchCommand implements Callable<Integer> {
    private final Context context;

    @Mixin
    private final ModelArguments model = new ModelArguments();

    @Option(
            names = {"-p", "--prompt-tokens"},
            split = ",",
            paramLabel = "N",
            converter = Count.class,
            description = "Lengths of prompts to read; 0 for none. Default: 512.")
    private List<Integer> prompts = List.of(512);

    @Option(
            names = {"-n", "--max-tokens"},
            split = ",",
            paramLabel = "N",
            converter = Count.class,
            description = "Lengths of answers to write; 0 for none. Default: 128.")
    private List<Integer> answers = List.of(128);

    @Option(
            names = {"-d", "--depth"},
            split = ",",
            paramLabel = "N",
            converter = Count.class,
            description = "Positions before each. Default: 0.")
    private List<Integer> depths = List.of(0);

    @Option(
            names = {"-r", "--repetitions"},
            paramLabel = "N",
            converter = Repetitions.class,
            description = "Trials of each, after the first. Default: 5.")
    private int repetitions = 5;

    @ArgGroup
    private final Form form = new Form();

    private static final class Form {
        @Option(names = "--json", required = true, description = "Print one JSON object.")
        private boolean json;

        @Option(names = "--markdown", required = true, description = "Print a table in Markdown.")
        private boolean markdown;
    }

    BenchCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        model.check(false);
        Benchmark benchmark = new Benchmark(wanted(prompts), wanted(answers), depths, repetitions);
        if (benchmark.prompts().isEmpty() && benchmark.answers().isEmpty()) {
            throw model.wrong("Neither prompts nor answers are asked for: give -p or -n a length above 0.");
        }
        try (Interrupt interrupt = Interrupt.listen();
                LoadedModel loaded = model.load(context, interrupt)) {
            int positions = loaded.engine().manifest().model().contextLength();
            if (benchmark.positions() > positions) {
                throw model.wrong("The longest test takes " + benchmark.positions() + " positions, and the model is"
                        + " compiled for " + positions + ". Shorten -p, -n or -d, or give --context "
                        + benchmark.positions() + ".");
            }
            Benchmark.Report report;
            try (ProgressLine progress = context.terminal().steps("Measuring")) {
                report = benchmark.run(loaded, progress, interrupt::requested);
            }
            print(loaded, report);
            return 0;
        } catch (InterruptedLoad e) {
            return Interrupt.EXIT_CODE;
        }
    }

    private static List<Integer> wanted(List<Integer> lengths) {
        return lengths.stream().filter(length -> length > 0).toList();
    }

    private void print(LoadedModel loaded, Benchmark.Report report) {
        PrintStream out = context.terminal().out();
        String name = loaded.engine().manifest().model().name();
        String device = loaded.gpu().info().name();
        String profile = loaded.engine().plan().profile().name();
        if (form.json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("model", name);
            fields.put("device", device);
            fields.put("profile", profile);
            fields.putAll(Reports.fields(report));
            out.print(JsonText.print(fields));
            return;
        }
        context.terminal().err().println(name + " on " + device + ", profile " + profile);
        out.print(form.markdown ? Reports.markdown(report) : Reports.text(report));
    }

    private static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) Numbers.whole(text.strip(), 0, 1 << 24);
        }
    }

    private static final class Repetitions implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) Numbers.whole(text.strip(), 1, 1000);
        }
    }
}
