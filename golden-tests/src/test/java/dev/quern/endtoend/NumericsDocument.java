package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quern.codegen.KernelErrors;
import dev.quern.compiler.CompileOptions;
import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.ByteSource;
import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.DecodedWeights;
import dev.quern.reference.Interpreter;
import dev.quern.reference.RandomBlocks;
import dev.quern.reference.Tensor;
import dev.quern.reference.oracle.CodecAgreement;
import dev.quern.reference.oracle.Ggml;
import dev.quern.reference.oracle.LlamaCpp;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures every encoding and writes {@code docs/numerics.md}. No test, and not run as one: {@code scripts/numerics}
 * runs it, and names the file to write in the property {@code quern.numerics}. Fails, after writing, where something is
 * not within its limits.
 */
class NumericsDocument {
    private static final long BLOCKS = 1_000_000;
    private static final int SEEDS = 3;
    private static final int ROWS = 200;
    private static final int COLUMNS = 1024;
    private static final int POSITIONS = 16;

    /** All rows are whole blocks of every encoding, so that no matrix falls back to another. */
    private static final Shape SHAPE = new Shape("heads 8:2 of 32", 256, 3, 8, 2, 32, 512, false, Rope.FACTORS);

    @Test
    void measureEveryEncoding(@TempDir Path folder) throws IOException {
        String target = System.getProperty("quern.numerics", "");
        assertFalse(target.isEmpty(), "run scripts/numerics, which says where to write");
        LlamaCpp.require();
        List<Measurement> all = new ArrayList<>();
        try (WgpuGpu gpu = TestDevice.open();
                KernelErrors kernels = new KernelErrors(TestDevice.open())) {
            for (Encoding encoding : RandomBlocks.encodings()) {
                all.add(measure(encoding, gpu, kernels, folder));
            }
            Files.writeString(Path.of(target), NumericsTables.print(gpu.info(), BLOCKS, all));
        }
        assertEquals(List.of(), Measurement.failing(all), "not within their limits");
    }

    private static Measurement measure(Encoding encoding, WgpuGpu gpu, KernelErrors kernels, Path folder)
            throws IOException {
        progress(encoding, "codec");
        CodecAgreement.Result codec = CodecAgreement.compare(encoding, BLOCKS, 1);
        double product = product(encoding);
        byte[] model = RandomModels.write(SHAPE, Recipe.uniform(ModelCases.type(encoding)));
        Path file = Files.write(folder.resolve(encoding.text() + ".gguf"), model);
        Path copy = Files.write(folder.resolve(encoding.text() + "-decoded.gguf"), RandomModels.decoded(model));
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        progress(encoding, "llama.cpp and interpreter");
        List<float[]> onCopy = logits(copy, tokens);
        List<float[]> onFile = logits(file, tokens);
        double inInterpreter = Agreement.largest(
                onCopy, ReferenceModel.withCachesOfFloats(model, POSITIONS).logits(tokens));
        Map<String, Measurement.OnDevice> devices = new LinkedHashMap<>();
        for (DeviceProfile profile : DeviceProfile.ALL) {
            progress(encoding, profile.name());
            CompileOptions options = CompileOptions.of(profile).withContext(POSITIONS);
            double matvec = 0;
            double matmul = 0;
            for (long seed = 1; seed <= SEEDS; seed++) {
                matvec = Math.max(matvec, kernels.product(encoding, 1, ROWS, COLUMNS, profile, seed));
                matmul = Math.max(
                        matmul, kernels.product(encoding, (int) options.chunk(), ROWS, COLUMNS, profile, seed));
            }
            try (DeviceModel device = DeviceModel.load(ByteSource.of(model), options, gpu, folder)) {
                List<float[]> actual = device.logits(tokens);
                devices.put(
                        profile.name(),
                        new Measurement.OnDevice(
                                matvec,
                                matmul,
                                Agreement.largest(new ReferenceModel(device.compiled()).logits(tokens), actual),
                                Agreement.largest(onCopy, actual),
                                Agreement.meanDivergence(onCopy, actual),
                                Agreement.pooled(onFile, actual)));
            }
        }
        Files.delete(copy);
        Files.delete(file);
        return new Measurement(encoding, codec, product, inInterpreter, devices);
    }

    private static List<float[]> logits(Path file, int... tokens) {
        try (LlamaCpp model = LlamaCpp.open(file, tokens.length)) {
            return model.logits(tokens);
        }
    }

    /** The interpreter's product of a row and a matrix against sums in double precision of what ggml decodes. */
    private static double product(Encoding encoding) {
        var random = new SplittableRandom(2);
        byte[] bytes = RandomBlocks.spread(random, encoding, ROWS * COLUMNS, 1).array();
        float[] row = new float[COLUMNS];
        for (int column = 0; column < COLUMNS; column++) {
            row[column] = (float) (2 * random.nextDouble() - 1);
        }
        var function = new FunctionBuilder("product");
        Value x = function.parameter("x", TensorType.f32(new Dim.Fixed(1), COLUMNS));
        var weight = new Weight("w", TensorType.of(encoding, ROWS, COLUMNS), List.of("w"));
        Value y = function.add("y", new TensorOp.MatMul(x, weight.value()));
        var module =
                new Module("product", Stage.TENSOR, List.of(), List.of(weight), List.of(function.build(List.of(y))));
        List<Tensor> results = List.copyOf(new Interpreter(module, new DecodedWeights(name -> ByteBuffer.wrap(bytes)))
                .run("product", Map.of("x", Tensor.floats(row, 1, COLUMNS)))
                .values());
        float[] actual = results.getFirst().floats();
        float[] weights = Ggml.require().decode(encoding, bytes);
        double error = 0;
        double power = 0;
        for (int output = 0; output < ROWS; output++) {
            double sum = 0;
            for (int column = 0; column < COLUMNS; column++) {
                sum += (double) row[column] * weights[output * COLUMNS + column];
            }
            error += (sum - actual[output]) * (sum - actual[output]);
            power += sum * sum;
        }
        return error / power;
    }

    private static void progress(Encoding encoding, String what) {
        System.err.println("numerics: " + encoding.text() + ", " + what);
    }
}
