package dev.quern.endtoend;

import dev.quern.endtoend.ModelCases.Case;
import dev.quern.reference.oracle.LlamaCpp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The interpreter computes from an encoded file what llama.cpp computes from the same weights as F32. With keys and
 * values as floats on both sides, what is left between them are roundings of single precision in llama.cpp, whose sums
 * are floats: the interpreter's are doubles.
 */
class InterpreterAgreementTest {
    static final double LIMIT = 1e-10;
    private static final int POSITIONS = 14;

    @BeforeAll
    static void requireLlamaCpp() {
        LlamaCpp.require();
    }

    static Stream<Case> cases() {
        return ModelCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameWeightsGiveTheSameLogits(Case each, @TempDir Path folder, TestReporter reporter) throws IOException {
        byte[] model = RandomModels.write(each.shape(), each.recipe());
        Path copy = Files.write(folder.resolve("decoded.gguf"), RandomModels.decoded(model));
        int[] tokens = RandomModelsTest.tokens(POSITIONS);
        try (LlamaCpp other = LlamaCpp.open(copy, POSITIONS)) {
            List<float[]> expected = other.logits(tokens);
            List<float[]> actual =
                    ReferenceModel.withCachesOfFloats(model, POSITIONS).logits(tokens);
            double worst = Agreement.worst("against llama.cpp", expected, actual, LIMIT);
            reporter.publishEntry(each.toString(), "llama.cpp " + worst);
        }
    }
}
