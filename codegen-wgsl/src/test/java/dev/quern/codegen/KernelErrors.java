package dev.quern.codegen;

import dev.quern.ir.Encoding;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.Numerics;
import dev.quern.reference.Tensor;
import dev.quern.runtime.Gpu;
import java.util.Map;
import java.util.Random;

/** Measures how far single kernels on a device are from the interpreter. */
public final class KernelErrors implements AutoCloseable {
    private final DispatchRunner runner;

    /** Takes the device over, and closes it in the end. */
    public KernelErrors(Gpu gpu) {
        runner = new DispatchRunner(gpu);
    }

    /**
     * The normalised mean squared error of a product of normally distributed activations with a weight whose fields are
     * random.
     *
     * @param tokens rows of activations; the kernel is compiled for as many
     * @param rows rows of the weight
     * @param columns its columns, whole blocks
     * @param seed of all that is random
     */
    public double product(Encoding encoding, int tokens, int rows, int columns, DeviceProfile profile, long seed) {
        Random random = new Random(seed);
        Program program = new Program(tokens, tokens);
        Value x = program.input("x", random, columns);
        Value weight = program.weight("weight", random, encoding, rows, columns);
        program.result(new TensorOp.MatMul(x, weight));
        Map<String, Tensor> actual = runner.run(program, profile).values();
        double worst = 0;
        for (Map.Entry<String, Tensor> expected : program.expected().entrySet()) {
            Tensor found = actual.get(expected.getKey());
            if (found == null) {
                throw new IllegalStateException("there is no result " + expected.getKey());
            }
            worst = Math.max(worst, Numerics.nmse(expected.getValue().floats(), found.floats()));
        }
        return worst;
    }

    @Override
    public void close() {
        runner.close();
    }
}
