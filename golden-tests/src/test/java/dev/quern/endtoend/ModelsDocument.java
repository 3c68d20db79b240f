package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quern.compiler.CompileOptions;
import dev.quern.endtoend.FamilyCases.Case;
import dev.quern.endtoend.RealModels.RealModel;
import dev.quern.gguf.ByteSource;
import dev.quern.reference.oracle.LlamaCpp;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures every family and writes {@code docs/models.md}. No test, and not run as one: {@code scripts/models} runs it,
 * and names the file to write in the property {@code quern.models}.
 */
class ModelsDocument {
    static final int POSITIONS = 24;
    private static final long CONTEXT = 64;

    /**
     * The largest errors of a family's random models.
     *
     * @param models how many there are
     * @param interpreter against llama.cpp on a copy of the file that is decoded to F32
     * @param device against the interpreter
     */
    record Errors(int models, double interpreter, double device) {
        /** Those of both. */
        Errors and(Errors other) {
            return new Errors(
                    models + other.models, Math.max(interpreter, other.interpreter), Math.max(device, other.device));
        }
    }

    @Test
    void measureEveryFamily(@TempDir Path folder) throws IOException {
        String target = System.getProperty("quern.models", "");
        assertFalse(target.isEmpty(), "run scripts/models, which says where to write");
        LlamaCpp.require();
        Map<String, Errors> errors = new TreeMap<>();
        List<ModelFigures> figures = new ArrayList<>();
        try (WgpuGpu gpu = TestDevice.open()) {
            for (Case each : FamilyCases.all().toList()) {
                progress(each.toString());
                errors.merge(each.kind().architecture(), measure(each, gpu, folder), Errors::and);
            }
            for (RealModel model : RealModels.all()) {
                progress(model.name());
                figures.add(ModelFigures.of(model));
            }
            Files.writeString(Path.of(target), ModelsTables.print(gpu.info(), errors, figures));
        }
    }

    private static Errors measure(Case each, WgpuGpu gpu, Path folder) throws IOException {
        byte[] model = each.write();
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        Path copy = Files.write(folder.resolve("decoded.gguf"), RandomModels.decoded(model));
        double ofInterpreter;
        try (LlamaCpp other = LlamaCpp.open(copy, POSITIONS)) {
            ofInterpreter = Agreement.largest(
                    other.logits(tokens),
                    ReferenceModel.withCachesOfFloats(model, POSITIONS).logits(tokens));
        }
        Files.delete(copy);
        CompileOptions options = CompileOptions.of(each.profile()).withContext(CONTEXT);
        try (DeviceModel device = DeviceModel.load(ByteSource.of(model), options, gpu, folder)) {
            double onDevice =
                    Agreement.largest(new ReferenceModel(device.compiled()).logits(tokens), device.logits(tokens));
            return new Errors(1, ofInterpreter, onDevice);
        }
    }

    private static void progress(String what) {
        System.err.println("models: " + what);
    }
}
