package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.bundle.files.Sha256;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.gguf.ByteSource;
import dev.quern.runtime.Executor;
import dev.quern.runtime.ExecutorLoader;
import dev.quern.runtime.Gpu;
import dev.quern.runtime.LoadProgress;
import dev.quern.runtime.ProfileMatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A model that went the whole way: compiled, written as a bundle, checked, read back, and loaded onto a device. */
final class DeviceModel implements AutoCloseable {
    private final CompiledModel compiled;
    private final Executor executor;

    private DeviceModel(CompiledModel compiled, Executor executor) {
        this.compiled = compiled;
        this.executor = executor;
    }

    /** Compiles a model into a bundle below a folder and loads it. */
    static DeviceModel load(ByteSource model, CompileOptions options, Gpu gpu, Path folder) throws IOException {
        return load(ModelCompiler.compile(model, options), gpu, folder);
    }

    /**
     * Writes a compiled model as a bundle below a folder and loads it; the running test is skipped where the device is
     * of another kind.
     */
    static DeviceModel load(CompiledModel compiled, Gpu gpu, Path folder) throws IOException {
        List<String> misfits = ProfileMatcher.misfits(compiled.plan().profile(), gpu.info());
        Assumptions.assumeTrue(
                misfits.isEmpty(),
                () -> "The profile " + compiled.plan().profile().name() + " does not fit this device: "
                        + String.join(", ", misfits));
        Path bundle = Files.createTempDirectory(folder, "model").resolve("bundle.quern");
        ModelCompiler.write(compiled, BundleFiles.sink(bundle), Sha256::new, (done, total) -> {});
        try (var source = BundleFiles.source(bundle)) {
            var reader = BundleFiles.reader(source);
            assertEquals(List.of(), reader.verify(), "problems of the bundle");
            return new DeviceModel(
                    compiled,
                    ExecutorLoader.load(reader, gpu, compiled.plan().profile().name(), LoadProgress.SILENT));
        }
    }

    /** What the bundle was written from. */
    CompiledModel compiled() {
        return compiled;
    }

    /** What runs. */
    Executor executor() {
        return executor;
    }

    /** The logits after one token at a position. */
    float[] step(int token, int position) {
        executor.set(token, position);
        executor.step();
        List<float[]> received = new ArrayList<>();
        executor.readLogits(received::add);
        return Arrays.copyOf(received.getFirst(), compiled.facts().vocabularySize());
    }

    /** The logits after each of these tokens, which stand at the positions from 0 on and are read one by one. */
    List<float[]> logits(int... tokens) {
        List<float[]> rows = new ArrayList<>();
        for (int position = 0; position < tokens.length; position++) {
            rows.add(step(tokens[position], position));
        }
        return rows;
    }

    /** The logits after the last of these tokens, the others being read by {@code prefill}, so many at a time. */
    float[] prefilled(int size, int... tokens) {
        int last = tokens.length - 1;
        for (int first = 0; first < last; first += size) {
            executor.prefill(tokens, first, Math.min(size, last - first), first);
        }
        return step(tokens[last], last);
    }

    /** The tokens that the device picks, each being the next step's input, from a token at a position on. */
    int[] picked(int token, int position, int count) {
        executor.set(token, position);
        for (int step = 0; step < count; step++) {
            executor.stepAndPick();
        }
        List<int[]> received = new ArrayList<>();
        executor.readRing(position, count, received::add);
        return received.getFirst();
    }

    @Override
    public void close() {
        executor.close();
    }
}
