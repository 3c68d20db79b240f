package dev.quern.cli;

import dev.quern.cli.ir.FirstNotFinite;
import dev.quern.cli.ir.InputFile;
import dev.quern.cli.ir.Inputs;
import dev.quern.cli.ir.IrException;
import dev.quern.cli.ir.MadeUpWeights;
import dev.quern.cli.ir.ModelWeights;
import dev.quern.cli.ir.ModuleSource;
import dev.quern.cli.ir.RunResults;
import dev.quern.cli.ir.SourceText;
import dev.quern.cli.terminal.Visible;
import dev.quern.cli.tokens.TextSource;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.text.Names;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.json.JsonText;
import dev.quern.reference.Interpreter;
import dev.quern.reference.Tensor;
import dev.quern.reference.WeightSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code quern run-ir}. */
@Command(
        name = "run-ir",
        description = {
            "Runs a function of a graph with the reference interpreter, and prints what it returns.",
            "Slow and plain: what an operation means is what comes out here. No device is needed."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern run-ir graph.qir --weights smollm2-135m --input tokens=504",
            "  quern run-ir graph.qir --function prefill --input tokens=1,5,9 --trace",
            "  quern run-ir graph.qir --inputs inputs.json --seed 7 --json",
        })
final class RunIrCommand implements Callable<Integer> {
    private static final String USUAL_FUNCTION = "step";

    private final Context context;

    @Parameters(
            paramLabel = "FILE.qir|-",
            description = "A graph of the tensor or dispatch stage; - for standard input.")
    private String file = "";

    @Option(
            names = "--function",
            paramLabel = "NAME",
            description = "What to run. Default: step, or the only function.")
    private @Nullable String function;

    @Option(
            names = "--input",
            paramLabel = "NAME=N,N,...",
            converter = InputConverter.class,
            description =
                    "The numbers of a parameter, row after row; they decide the extents of its symbols. Parameters that are not given: 0 for integers, zeros for states, random numbers for floats.")
    private List<Input> inputs = List.of();

    @Option(
            names = "--inputs",
            paramLabel = "FILE.json",
            description = "The same for several: an object of lists, which may hold lists.")
    private @Nullable Path inputFile;

    @Option(
            names = "--symbol",
            paramLabel = "NAME=N",
            converter = SymbolConverter.class,
            description = "The extent of a symbol that no parameter given decides. Default: 1.")
    private List<Extent> extents = List.of();

    @ArgGroup
    private final Weights weights = new Weights();

    private static final class Weights {
        @Option(
                names = "--weights",
                paramLabel = "MODEL",
                description = "A model file, or a name of 'quern pull': where the weights are.")
        private @Nullable String model;

        @Option(
                names = "--seed",
                paramLabel = "N",
                converter = SamplingOptions.SeedConverter.class,
                description = "Without a model the weights are random, made of this. Default: 1.")
        private long seed = 1;
    }

    @Option(names = "--trace", description = "Also print a line for every statement.")
    private boolean trace;

    @Option(names = "--json", description = "Print one JSON object, with every number of the results.")
    private boolean json;

    private record Input(String name, List<Double> numbers) {}

    private record Extent(String symbol, long extent) {}

    RunIrCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        SourceText text = SourceText.read(file, context.input());
        Stage stage = Reader.stage(text.name(), text.text());
        if (stage == Stage.PLAN) {
            throw new IrException(text.name() + " is of the stage plan, where nothing says what is computed; the"
                    + " interpreter runs the stages tensor and dispatch. Give the graph from before the plan"
                    + " ('quern compile --compile-to=dispatch' prints it), or run the bundle on a device with 'quern"
                    + " run'.");
        }
        Module module = ModuleSource.of(text).module();
        Function called = called(module);
        Inputs prepared = new Inputs(called, given(), symbols(module), weights.seed);
        Map<String, Tensor> tensors = prepared.tensors();
        if (weights.model == null) {
            remark(module, prepared);
            print(called, module, new MadeUpWeights(weights.seed), tensors);
        } else {
            try (ModelWeights ofModel = ModelWeights.open(context.store().resolve(weights.model))) {
                remark(module, prepared);
                print(called, module, ofModel, tensors);
            }
        }
        return 0;
    }

    /** Says what was made up. */
    private void remark(Module module, Inputs prepared) {
        List<String> things = new ArrayList<>(prepared.madeUp());
        if (weights.model == null && !module.weights().isEmpty()) {
            things.addFirst("all weights at random");
        }
        if (!things.isEmpty()) {
            context.terminal()
                    .err()
                    .println("Made up (seed " + weights.seed + "): " + Visible.line(String.join("; ", things)) + ".");
        }
    }

    private void print(Function called, Module module, WeightSource source, Map<String, Tensor> tensors) {
        var results = new RunResults(called);
        var first = new FirstNotFinite();
        results.finish(new Interpreter(module, source).run(called.name(), tensors, (statement, values) -> {
            first.done(statement, values);
            if (trace) {
                results.done(statement, values);
            }
        }));
        context.terminal().out().print(json ? JsonText.print(results.json(trace)) : results.table(trace));
        first.found().ifPresent(found -> {
            throw new IrException("The arithmetic failed: " + found + ". " + first.advice());
        });
    }

    private Function called(Module module) {
        List<String> names = module.functions().stream().map(Function::name).toList();
        if (names.isEmpty()) {
            throw new IrException("The module " + Names.quote(module.name()) + " has no function to run.");
        }
        String name = function != null ? function : names.size() == 1 ? names.getFirst() : USUAL_FUNCTION;
        return module.function(name)
                .orElseThrow(() -> new IrException("The module " + Names.quote(module.name()) + " has no function @"
                        + Names.print(name)
                        + "; it has "
                        + String.join(
                                ", ",
                                names.stream()
                                        .map(each -> "@" + Names.print(each))
                                        .toList())
                        + ". Choose one with --function."));
    }

    private Map<String, double[]> given() throws IOException {
        Map<String, double[]> given = new LinkedHashMap<>();
        if (inputFile != null) {
            TextSource text = TextSource.file(inputFile);
            given.putAll(InputFile.read(text.name(), new String(text.bytes(), StandardCharsets.UTF_8)));
        }
        inputs.forEach(input -> given.put(
                input.name(),
                input.numbers().stream().mapToDouble(Double::doubleValue).toArray()));
        return given;
    }

    private Map<String, Long> symbols(Module module) {
        Map<String, Long> chosen = new LinkedHashMap<>();
        for (Extent extent : extents) {
            long max = module.symbols().stream()
                    .filter(symbol -> symbol.name().equals(extent.symbol()))
                    .findFirst()
                    .orElseThrow(() -> new IrException("The module " + Names.quote(module.name()) + " has no symbol ?"
                            + extent.symbol() + "; it has " + module.symbols() + "."))
                    .max();
            if (extent.extent() > max) {
                throw new IrException(
                        "?" + extent.symbol() + " is from 1 to " + max + ", not " + extent.extent() + ".");
            }
            chosen.put(extent.symbol(), extent.extent());
        }
        return chosen;
    }

    private static String[] pair(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new TypeConversionException("'" + text + "' is not NAME=…");
        }
        String name = text.substring(0, equals);
        return new String[] {
            name.startsWith("%") || name.startsWith("?") ? name.substring(1) : name, text.substring(equals + 1)
        };
    }

    private static final class InputConverter implements ITypeConverter<Input> {
        @Override
        public Input convert(String text) {
            String[] pair = pair(text);
            String[] items = pair[1].split(",", -1);
            List<Double> numbers = new ArrayList<>();
            for (String item : items) {
                try {
                    numbers.add(Double.valueOf(item.strip()));
                } catch (NumberFormatException e) {
                    throw new TypeConversionException("'" + item + "' is not a number");
                }
            }
            return new Input(pair[0], numbers);
        }
    }

    private static final class SymbolConverter implements ITypeConverter<Extent> {
        @Override
        public Extent convert(String text) {
            String[] pair = pair(text);
            return new Extent(pair[0], Numbers.whole(pair[1], 1, Integer.MAX_VALUE));
        }
    }
}
