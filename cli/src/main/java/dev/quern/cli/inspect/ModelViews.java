package dev.quern.cli.inspect;

import dev.quern.cli.bundle.Compilation;
import dev.quern.cli.store.FileByteSource;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.ir.text.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a model file holds, and what becomes of it when it is compiled; its weights are not read. */
public final class ModelViews implements AutoCloseable {
    private final ByteSource source;
    private final Runnable end;
    private final GgufFile file;
    private @Nullable CompiledModel compiled;

    private ModelViews(ByteSource source, Runnable end, GgufFile file) {
        this.source = source;
        this.end = end;
        this.file = file;
    }

    /** Reads the container of a model that lies elsewhere. */
    public static ModelViews of(ByteSource source) {
        return new ModelViews(source, () -> {}, GgufReader.read(source));
    }

    /** Opens a model file and reads its container. */
    public static ModelViews open(Path path) throws IOException {
        FileByteSource source = FileByteSource.open(path);
        try {
            return new ModelViews(source, source::close, GgufReader.read(source));
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** The container. */
    public GgufFile file() {
        return file;
    }

    /** Compiles everything but the weights' bytes, for the views below. */
    public void compile(Compilation compilation, CompileOptions options) {
        compiled = compilation.compile(source, options);
    }

    /** The graph at a stage. */
    public View graph(GraphStage stage) {
        String text = Writer.write(
                switch (stage) {
                    case IMPORTED -> compiled().imported();
                    case TENSOR -> compiled().optimised();
                    case DISPATCH -> compiled().selection().module();
                });
        return new View("ir", text, Map.of(stage.name().toLowerCase(Locale.ROOT), text));
    }

    /** The plan. */
    public PlanView plan() {
        return new PlanView(compiled().plan());
    }

    private CompiledModel compiled() {
        return Objects.requireNonNull(compiled, "compile comes first");
    }

    @Override
    public void close() {
        end.run();
    }
}
