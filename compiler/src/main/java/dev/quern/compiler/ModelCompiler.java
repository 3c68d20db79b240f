package dev.quern.compiler;

import dev.quern.codegen.Selection;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Findings;
import dev.quern.gguf.architecture.Hyperparameters;
import dev.quern.gguf.architecture.ModelFile;
import dev.quern.ir.Module;
import dev.quern.ir.Weight;
import dev.quern.passes.PassReport;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.BundleSink;
import dev.quern.plan.bundle.BundleWriter;
import dev.quern.plan.bundle.Digest;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.SamplingAdvice;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.text.TokenizerJson;
import dev.quern.text.TokenizerTrial;
import dev.quern.text.chat.BuildingTrial;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Compiles model files. */
public final class ModelCompiler {
    private ModelCompiler() {}

    /**
     * Compiles everything but the weights' bytes: cheap, whatever the model's size.
     *
     * @throws dev.quern.gguf.GgufException if the file is broken or asks for what is not supported
     * @throws dev.quern.codegen.lowering.SelectionException if the device profile has no kernel for something
     */
    public static CompiledModel compile(ByteSource source, CompileOptions options) {
        return compile(source, options, CompileObserver.NONE);
    }

    /** The same, observed. */
    public static CompiledModel compile(ByteSource source, CompileOptions options, CompileObserver observer) {
        return compile(CheckedModel.of(source, new BuildingTrial()), options, observer);
    }

    /** The same where the code that builds tokenizers is elsewhere: the trial asks it. */
    public static CompiledModel compile(ByteSource source, CompileOptions options, TokenizerTrial trial) {
        return compile(CheckedModel.of(source, trial), options, CompileObserver.NONE);
    }

    static CompiledModel compile(CheckedModel checked, CompileOptions options, CompileObserver observer) {
        ModelFile model = checked.model();
        Module imported = imported(model, options, observer);
        PassReport report = new PassReport();
        Module optimised = Lowering.split(
                options.pipeline().run(imported, report, observer), options.profiles(), model.file(), observer);
        Selection selection = Lowering.select(optimised, options.profile(), observer);
        Plan plan = Lowering.plan(selection, options.profile(), observer);
        return new CompiledModel(
                model.file(),
                imported,
                optimised,
                report,
                selection,
                plan,
                facts(
                        imported,
                        options.names().title(model.file().metadata()),
                        model.sizes(),
                        context(options, model.sizes()),
                        options.cache(),
                        checked.sampling()),
                checked.tokenizer(),
                checked.warnings());
    }

    /**
     * The graph after the passes, with weights split as the devices need it; it asks neither for kernels nor for a
     * tokenizer.
     *
     * @throws dev.quern.gguf.GgufException if the file is broken or asks for what is not supported
     */
    public static Module graph(ByteSource source, CompileOptions options, CompileObserver observer) {
        var findings = new Findings();
        Optional<ModelFile> model = ModelFile.container(source, findings).flatMap(file -> ModelFile.of(file, findings));
        findings.throwIfErrors();
        Module graph =
                options.pipeline().run(imported(model.orElseThrow(), options, observer), new PassReport(), observer);
        return Lowering.split(graph, options.profiles(), model.get().file(), observer);
    }

    private static Module imported(ModelFile model, CompileOptions options, CompileObserver observer) {
        long context = context(options, model.sizes());
        long chunk = Math.min(options.chunk(), Math.max(4, context / 4 * 4));
        Module imported = model.architecture()
                .build(model.file(), CompileOptions.graph(Math.max(context, chunk), chunk, options.cache()));
        observer.imported(imported);
        return imported;
    }

    /** Writes a compiled model as a bundle; nothing remains of it if this fails. */
    public static Manifest write(
            CompiledModel model, BundleSink sink, Digest.Factory digests, CompileProgress progress) {
        return write(model, Optional::empty, sink, digests, progress);
    }

    /**
     * Writes a compiled model as a bundle, with what a device must compute if it computes right; asked for when the
     * weights are written.
     */
    public static Manifest write(
            CompiledModel model,
            Supplier<Optional<SelfTest>> selfTest,
            BundleSink sink,
            Digest.Factory digests,
            CompileProgress progress) {
        return write(model, List.of(), selfTest, sink, digests, progress);
    }

    /**
     * A plan of the same model for another kind of device, which shares the bundle's weights.
     *
     * @throws SelectionException if it cannot, since its matrices lie otherwise, or if it has no kernel for something
     */
    public static Plan planFor(DeviceProfile other, CompiledModel model) {
        Plan plan = Lowering.plan(
                Lowering.select(model.optimised(), other, CompileObserver.NONE), other, CompileObserver.NONE);
        if (!places(plan).equals(places(model.plan()))) {
            throw new SelectionException(
                    "The profiles " + model.plan().profile().name() + " and " + other.name()
                            + " keep this model's weights in different orders, so one bundle cannot serve both."
                            + " Compile a bundle for each.");
        }
        return plan;
    }

    /** Where each weight lies in the bundle, and how. */
    private static Map<String, List<Object>> places(Plan plan) {
        Map<String, List<Object>> places = new LinkedHashMap<>();
        plan.weights().forEach(weight -> places.put(weight.name(), List.of(weight.layout(), weight.segments())));
        return places;
    }

    /**
     * Writes a compiled model as a bundle with several plans; whoever opens it takes the most particular one that is
     * made for its device.
     *
     * @throws dev.quern.gguf.GgufException if a weight is NaN or infinite, naming tensor and element
     */
    public static Manifest write(
            CompiledModel model,
            List<Plan> others,
            Supplier<Optional<SelfTest>> selfTest,
            BundleSink sink,
            Digest.Factory digests,
            CompileProgress progress) {
        try (BundleWriter writer = new BundleWriter(sink, digests)) {
            WeightStream stream = new WeightStream(model.file(), model.selection());
            long total =
                    model.plan().weights().stream().mapToLong(WeightSpec::bytes).sum();
            long done = 0;
            for (WeightSpec weight : model.plan().weights()) {
                progress.weights(done, total);
                if (writer.holds(weight.segments())) {
                    writer.held(weight.name(), weight.segments());
                } else {
                    writer.weight(weight.name(), weight.segments(), pieces -> stream.produce(weight.name(), pieces));
                }
                done += weight.bytes();
            }
            progress.weights(total, total);
            List<Plan> plans = Stream.concat(Stream.of(model.plan()), others.stream())
                    .sorted(Comparator.comparingInt(plan -> DeviceProfile.ALL.indexOf(plan.profile())))
                    .toList();
            // Loops: what writes may wait, and must not stand behind the platform's functional interfaces.
            for (Plan plan : plans) {
                writer.plan(plan);
            }
            writer.text(Manifest.TOKENIZER_FILE, TokenizerJson.write(model.tokenizer()));
            Optional<SelfTest> test = selfTest.get();
            if (test.isPresent()) {
                writer.text(SelfTest.FILE, test.get().write());
            }
            return writer.finish(model.facts());
        }
    }

    /**
     * How many positions the model is compiled for.
     *
     * @throws IllegalArgumentException if more are asked for than the model has
     */
    static long context(CompileOptions options, Hyperparameters sizes) {
        if (options.context() > sizes.contextLength()) {
            throw new IllegalArgumentException(
                    "A context of " + options.context() + " positions was asked for; the model " + sizes.name()
                            + " was trained for " + sizes.contextLength() + ". Ask for at most that.");
        }
        return options.context() > 0
                ? options.context()
                : Math.min(CompileOptions.DEFAULT_CONTEXT, sizes.contextLength());
    }

    /**
     * What a bundle says of its model.
     *
     * @param graph of the model, whose weights are counted
     * @param title what people call it
     */
    static Manifest.Model facts(
            Module graph,
            String title,
            Hyperparameters sizes,
            long context,
            CacheEncoding cache,
            SamplingAdvice sampling) {
        long parameters = 0;
        Map<String, Long> elements = new LinkedHashMap<>();
        for (Weight weight : graph.weights()) {
            if (weight.sources().isEmpty()) {
                // A table that is computed is none of the model's parameters.
                continue;
            }
            parameters += weight.type().maxElements();
            elements.merge(weight.type().encoding().text(), weight.type().maxElements(), Long::sum);
        }
        String encoding = elements.entrySet().stream()
                .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .map(Map.Entry::getKey)
                .orElse("");
        return new Manifest.Model(
                title,
                sizes.architecture(),
                encoding,
                parameters,
                sizes.layers(),
                sizes.embeddingLength(),
                sizes.heads(),
                sizes.keyValueHeads(),
                sizes.vocabulary(),
                Math.toIntExact(context),
                (int) Math.min(Integer.MAX_VALUE, sizes.contextLength()),
                cache,
                sampling);
    }
}
