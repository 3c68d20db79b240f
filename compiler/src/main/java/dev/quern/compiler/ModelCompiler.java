package dev.quern.compiler;

import dev.quern.codegen.ArenaLayout;
import dev.quern.codegen.EmitPlan;
import dev.quern.codegen.SelectKernels;
import dev.quern.codegen.Selection;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.architecture.Architecture;
import dev.quern.gguf.architecture.Architectures;
import dev.quern.gguf.architecture.GraphOptions;
import dev.quern.gguf.architecture.Hyperparameters;
import dev.quern.ir.Encoding;
import dev.quern.ir.Module;
import dev.quern.ir.Weight;
import dev.quern.ir.verify.Verifier;
import dev.quern.passes.PassObserver;
import dev.quern.passes.PassReport;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.BundleSink;
import dev.quern.plan.bundle.BundleWriter;
import dev.quern.plan.bundle.Digest;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerJson;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Compiles model files. */
public final class ModelCompiler {
    private ModelCompiler() {}

    /**
     * Compiles everything but the weights' bytes: cheap, whatever the model's size.
     *
     * @throws dev.quern.gguf.GgufException if the file is broken or asks for what is not supported
     * @throws dev.quern.codegen.SelectionException if the device profile has no kernel for something
     */
    public static CompiledModel compile(ByteSource source, CompileOptions options) {
        GgufFile file = GgufReader.read(source);
        Architecture architecture = Architectures.of(file);
        Findings findings = new Findings();
        Hyperparameters sizes = architecture.hyperparameters(file, findings);
        TokenizerData tokenizer = TokenizerConversion.read(file, findings);
        long context = context(options, sizes);
        long chunk = Math.min(options.chunk(), Math.max(4, context / 4 * 4));
        Module imported =
                architecture.build(file, new GraphOptions(Math.max(context, chunk), chunk, Encoding.Scalar.F16));
        PassReport report = new PassReport();
        Module optimised = options.pipeline().run(imported, report, PassObserver.NONE);
        Selection selection = SelectKernels.select(optimised, options.profile());
        Verifier.verify(selection.module());
        ArenaLayout arena = ArenaPlanner.plan(selection);
        Plan plan = EmitPlan.emit(selection, options.profile(), arena);
        return new CompiledModel(
                file, imported, optimised, report, selection, plan, facts(imported, sizes, context), tokenizer);
    }

    /** Writes a compiled model as a bundle; nothing remains of it if this fails. */
    public static Manifest write(
            CompiledModel model, BundleSink sink, Digest.Factory digests, CompileProgress progress) {
        return write(model, Optional.empty(), sink, digests, progress);
    }

    /** Writes a compiled model as a bundle, with what a device must compute if it computes right. */
    public static Manifest write(
            CompiledModel model,
            Optional<SelfTest> selfTest,
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
                writer.weight(weight.name(), weight.segments(), pieces -> stream.produce(weight.name(), pieces));
                done += weight.bytes();
            }
            progress.weights(total, total);
            writer.plan(model.plan());
            writer.text(Manifest.TOKENIZER_FILE, TokenizerJson.write(model.tokenizer()));
            selfTest.ifPresent(test -> writer.text(SelfTest.FILE, test.write()));
            return writer.finish(model.facts());
        }
    }

    private static long context(CompileOptions options, Hyperparameters sizes) {
        if (options.context() > sizes.contextLength()) {
            throw new IllegalArgumentException(
                    "A context of " + options.context() + " positions was asked for; the model " + sizes.name()
                            + " was trained for " + sizes.contextLength() + ". Ask for at most that.");
        }
        return options.context() > 0
                ? options.context()
                : Math.min(CompileOptions.DEFAULT_CONTEXT, sizes.contextLength());
    }

    private static Manifest.Model facts(Module imported, Hyperparameters sizes, long context) {
        long parameters = 0;
        Map<String, Long> elements = new LinkedHashMap<>();
        for (Weight weight : imported.weights()) {
            parameters += weight.type().maxElements();
            elements.merge(weight.type().encoding().text(), weight.type().maxElements(), Long::sum);
        }
        String encoding = elements.entrySet().stream()
                .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .map(Map.Entry::getKey)
                .orElse("");
        return new Manifest.Model(
                sizes.name(),
                sizes.architecture(),
                encoding,
                parameters,
                sizes.layers(),
                sizes.embeddingLength(),
                sizes.heads(),
                sizes.keyValueHeads(),
                sizes.vocabulary(),
                Math.toIntExact(context),
                (int) Math.min(Integer.MAX_VALUE, sizes.contextLength()));
    }
}
