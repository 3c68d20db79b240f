package dev.quern.cli.bundle;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.bundle.files.Sha256;
import dev.quern.cli.ir.IrException;
import dev.quern.cli.ir.ModuleSource;
import dev.quern.cli.ir.ObserverList;
import dev.quern.cli.ir.SavedFailure;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.store.RefusedFileException;
import dev.quern.cli.terminal.ProgressLine;
import dev.quern.cli.terminal.Terminal;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.compiler.CompileObserver;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.GraphCompiler;
import dev.quern.compiler.Lowering;
import dev.quern.compiler.ModelCompiler;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufException;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.text.Writer;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
import dev.quern.plan.bundle.BundleSink;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.plan.text.PlanWriter;
import dev.quern.plan.verify.PlanException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Compiles model files, telling how far it is. Where the compiler fails, the graph before the step that failed is
 * saved.
 *
 * @param cache where such graphs go
 * @param observer who else listens
 * @param terminal where progress is shown
 */
public record Compilation(CacheFolder cache, CompileObserver observer, Terminal terminal) {

    /** Unobserved. */
    public Compilation(CacheFolder cache, Terminal terminal) {
        this(cache, CompileObserver.NONE, terminal);
    }

    /** Everything but the weights' bytes, which need not be read for it. */
    public CompiledModel compile(ByteSource source, CompileOptions options) {
        SavedFailure failure = new SavedFailure(cache, options.profile());
        try {
            return ModelCompiler.compile(source, options, ObserverList.of(observer, failure));
        } catch (RuntimeException e) {
            throw failure.explained(e);
        }
    }

    /**
     * The text of a stage.
     *
     * @param stage the graph after the passes, the graph of kernels, or the plan
     */
    public String text(Path model, CompileOptions options, Stage stage) throws IOException {
        SavedFailure failure = new SavedFailure(cache, options.profile());
        CompileObserver all = ObserverList.of(observer, failure);
        try (FileByteSource source = FileByteSource.open(model)) {
            Module graph = ModelCompiler.graph(source, options, all);
            return switch (stage) {
                case TENSOR -> Writer.write(graph);
                case DISPATCH ->
                    Writer.write(Lowering.select(graph, options.profile(), all).module());
                case PLAN ->
                    PlanWriter.write(
                            graph.name(),
                            Lowering.plan(Lowering.select(graph, options.profile(), all), options.profile(), all));
            };
        } catch (GgufException e) {
            throw new RefusedFileException(model, e);
        } catch (RuntimeException e) {
            throw failure.explained(e);
        }
    }

    /**
     * Compiles a model file into a bundle; the target appears when it is complete.
     *
     * @param target a folder, or a zip if its name ends in {@code .quern}
     * @param warnings takes what is odd about the file, before its weights are read
     */
    public Manifest run(Path model, CompileOptions options, Path target, Consumer<Finding> warnings)
            throws IOException {
        try (FileByteSource source = FileByteSource.open(model)) {
            CompiledModel compiled = compile(source, options.withNames(cache.names(model)));
            compiled.warnings().forEach(warnings);
            List<Plan> others = options.others().stream()
                    .map(other -> ModelCompiler.planFor(other, compiled))
                    .toList();
            return write(
                    String.valueOf(model.getFileName()),
                    compiled,
                    others,
                    () -> SelfTestOracle.of(compiled, options.pipeline()),
                    target);
        } catch (GgufException e) {
            throw new RefusedFileException(model, e);
        }
    }

    /**
     * Compiles a graph as text into a bundle, with the weights and the tokenizer of a model file.
     *
     * @param model the model file
     * @param target a folder, or a zip if its name ends in {@code .quern}
     */
    public Manifest run(ModuleSource graph, Path model, DeviceProfile profile, Path target) throws IOException {
        SavedFailure failure = new SavedFailure(cache, profile);
        try (FileByteSource source = FileByteSource.open(model)) {
            CompiledModel compiled = GraphCompiler.compile(
                    graph.module(), source, cache.names(model), profile, ObserverList.of(observer, failure));
            compiled.warnings().forEach(finding -> terminal.err().println("warning: " + finding));
            return write(graph.name(), compiled, List.of(), () -> SelfTestOracle.ofWritten(compiled), target);
        } catch (GgufException e) {
            throw new RefusedFileException(model, e);
        } catch (SelectionException e) {
            throw graph.explained(e);
        } catch (PlanException e) {
            throw new IrException(graph.name() + " cannot become a bundle: " + e.getMessage() + ".", e);
        } catch (RuntimeException e) {
            throw failure.explained(e);
        }
    }

    /** What takes its time; only now does it say so, since what comes before may refuse model, options and target. */
    private Manifest write(
            String name,
            CompiledModel compiled,
            List<Plan> others,
            Supplier<Optional<SelfTest>> selfTest,
            Path target) {
        BundleSink sink = BundleFiles.sink(target);
        try (ProgressLine progress = terminal.bytes("Compiling " + name)) {
            Supplier<Optional<SelfTest>> told = () -> {
                if (SelfTestOracle.takesLong(compiled)) {
                    progress.note("computing the self-test");
                }
                return selfTest.get();
            };
            return ModelCompiler.write(compiled, others, told, sink, Sha256::new, progress::at);
        }
    }

    /** The same, with what is odd about the file told on standard error. */
    public Manifest run(Path model, CompileOptions options, Path target) throws IOException {
        return run(model, options, target, finding -> terminal.err().println("warning: " + finding));
    }
}
