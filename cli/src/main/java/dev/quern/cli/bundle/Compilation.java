package dev.quern.cli.bundle;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.bundle.files.Sha256;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.terminal.ProgressLine;
import dev.quern.cli.terminal.Terminal;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Path;

/** Compiles a model file into a bundle, telling how far it is. */
public final class Compilation {
    private Compilation() {}

    /**
     * Compiles; the target appears when it is complete.
     *
     * @param target a folder, or a zip if its name ends in {@code .quern}
     */
    public static Manifest run(Path model, CompileOptions options, Path target, Terminal terminal) throws IOException {
        try (FileByteSource source = FileByteSource.open(model);
                ProgressLine progress = terminal.bytes("Compiling " + model.getFileName())) {
            CompiledModel compiled = ModelCompiler.compile(source, options);
            return ModelCompiler.write(
                    compiled,
                    SelfTestOracle.of(compiled, options.pipeline()),
                    BundleFiles.sink(target),
                    Sha256::new,
                    progress::at);
        }
    }
}
