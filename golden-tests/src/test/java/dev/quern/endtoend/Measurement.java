package dev.quern.endtoend;

import dev.quern.ir.Encoding;
import dev.quern.reference.oracle.CodecAgreement;
import java.util.List;
import java.util.Map;

/**
 * What was measured of an encoding. Errors are normalised mean squared errors; of several the largest.
 *
 * @param codec decoding against ggml's, bit for bit
 * @param product the interpreter's product against sums in double precision of weights as ggml decodes them
 * @param model a model in the interpreter, keys and values as floats, against llama.cpp on the decoded copy
 * @param devices by the name of the profile
 */
record Measurement(
        Encoding encoding, CodecAgreement.Result codec, double product, double model, Map<String, OnDevice> devices) {
    static final double LIMIT_OF_INTERPRETER = InterpreterAgreementTest.LIMIT;
    static final double LIMIT_OF_KERNELS = 1e-10;

    /**
     * What was measured on the device with the kernels of one profile.
     *
     * @param matvec a product with one row of activations against the interpreter
     * @param matmul a product with several rows
     * @param interpreter a model against the interpreter
     * @param decoded the model against llama.cpp on the decoded copy
     * @param divergence the mean divergence of the distributions of tokens from that, in nats
     * @param encoded the model against llama.cpp on the encoded file
     */
    record OnDevice(
            double matvec, double matmul, double interpreter, double decoded, double divergence, double encoded) {
        boolean kernelsPass() {
            return matvec <= LIMIT_OF_KERNELS && matmul <= LIMIT_OF_KERNELS;
        }

        boolean modelPasses() {
            return interpreter <= RandomModelsTest.LIMIT
                    && decoded <= LlamaCppAgreementTest.LIMIT
                    && divergence <= LlamaCppAgreementTest.LIMIT_OF_DIVERGENCE
                    && encoded <= LlamaCppAgreementTest.LIMIT_ON_THE_FILE_ITSELF;
        }
    }

    /** Whether codec and kernels are within their limits. */
    boolean partsPass() {
        return codec.equal()
                && product <= LIMIT_OF_INTERPRETER
                && devices.values().stream().allMatch(OnDevice::kernelsPass);
    }

    /** Whether the model is within its limits. */
    boolean modelPasses() {
        return model <= LIMIT_OF_INTERPRETER && devices.values().stream().allMatch(OnDevice::modelPasses);
    }

    /** The encodings, of those measured, that are not within all limits. */
    static List<String> failing(List<Measurement> all) {
        return all.stream()
                .filter(each -> !each.partsPass() || !each.modelPasses())
                .map(each -> each.encoding().text())
                .toList();
    }
}
