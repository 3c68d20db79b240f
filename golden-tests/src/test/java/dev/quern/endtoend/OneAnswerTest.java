package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.bundle.files.Sha256;
import dev.quern.cli.bundle.SelfTestOracle;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelVerifier;
import dev.quern.compiler.ModelVerifier.Verdict;
import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufTensorType;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.MemoryBundle;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.text.Tokenizer;
import dev.quern.text.TokenizerJson;
import dev.quern.text.Tokenizers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * What the verifier says of a file is what the compiler does with it, and what the compiler writes opens: over many
 * thousands of files that are odd or broken in ways drawn at random. Whatever is refused is refused in words; nothing
 * else is thrown.
 */
class OneAnswerTest {
    private static final long SEED = Long.getLong("quern.seed", 20_261_130L);
    private static final int FILES = Integer.getInteger("quern.files", 20_000);

    private static final List<byte[]> MODELS = models();

    private static List<byte[]> models() {
        byte[] plain = RandomModels.write(
                new Shape("plain", 32, 1, 2, 1, 16, 32, true, Rope.PLAIN), Recipe.uniform(GgufTensorType.F32));
        byte[] linear = RandomModels.write(
                new Shape("linear", 32, 1, 2, 2, 16, 32, false, Rope.LINEAR), Recipe.uniform(GgufTensorType.Q8_0));
        byte[] factors = RandomModels.write(
                new Shape("factors", 32, 1, 2, 1, 16, 32, true, Rope.FACTORS), Recipe.uniform(GgufTensorType.F16));
        List<byte[]> models = new ArrayList<>(List.of(plain, MutatedModel.withBytePairs(plain), linear, factors));
        FamilyCases.tiny().forEach(each -> models.add(each.write()));
        return List.copyOf(models);
    }

    @Test
    void verifierCompilerAndReaderOfBundlesAgree(TestReporter reporter) {
        var compiled = new AtomicInteger();
        LongStream.range(0, FILES).parallel().forEach(number -> {
            if (agree(SEED + number)) {
                compiled.incrementAndGet();
            }
        });
        reporter.publishEntry("compiled", compiled + " of " + FILES);
        assertTrue(
                FILES < 1000 || (compiled.get() > FILES / 5 && compiled.get() < FILES * 4 / 5),
                () -> compiled + " of " + FILES + " files were compiled; the changes are too harsh or too mild");
    }

    /** Whether the file compiled. */
    private static boolean agree(long seed) {
        var model = new MutatedModel(MODELS.get((int) Math.floorMod(seed, (long) MODELS.size())), seed);
        byte[] bytes = model.write();
        var options = CompileOptions.of(
                DeviceProfile.ALL.get((int) Math.floorMod(seed / 7, (long) DeviceProfile.ALL.size())));
        String what = "-Dquern.seed=" + seed + " -Dquern.files=1: " + model.changes();
        try {
            ModelVerifier.Report report = ModelVerifier.verify(ByteSource.of(bytes), options, false);
            ModelVerifier.Report withWeights = ModelVerifier.verify(ByteSource.of(bytes), options, true);
            withWeights.findings().forEach(finding -> assertSentence(finding, what));
            Optional<List<Finding>> warnings = compileAndOpen(bytes, options, seed);
            assertEquals(
                    withWeights.verdict() != Verdict.REFUSED,
                    warnings.isPresent(),
                    () -> what + ": the verifier found " + withWeights.findings());
            warnings.ifPresent(found -> assertEquals(found, report.findings(), what));
            return warnings.isPresent();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError problem) {
            throw new AssertionError(what + ": " + problem, problem);
        }
    }

    private static void assertSentence(Finding finding, String what) {
        assertTrue(
                finding.message().endsWith(".") && finding.message().length() < 2000,
                () -> what + ": no sentence: " + finding);
    }

    /**
     * The warnings; none if the file is refused, or a weight of it while it is written. Every fourth file gets a
     * self-test.
     */
    private static Optional<List<Finding>> compileAndOpen(byte[] bytes, CompileOptions options, long number) {
        CompiledModel compiled;
        try {
            compiled = ModelCompiler.compile(ByteSource.of(bytes), options);
        } catch (GgufException | SelectionException refusal) {
            return Optional.empty();
        }
        try (var bundle = new MemoryBundle()) {
            Optional<SelfTest> test = number % 4 == 0 ? selfTest(compiled, options) : Optional.empty();
            ModelCompiler.write(compiled, () -> test, bundle, Sha256::new, (done, total) -> {});
            BundleReader reader = BundleReader.open(bundle, Sha256::new);
            assertEquals(compiled.plan(), reader.plan(options.profile().name()));
            test.ifPresent(written -> assertEquals(written, SelfTest.read(reader.text(SelfTest.FILE))));
            Tokenizer tokenizer = Tokenizers.of(TokenizerJson.read(reader.text(Manifest.TOKENIZER_FILE)));
            assertEquals(reader.manifest().model().vocabularySize(), tokenizer.vocabularySize());
            for (int id = 0; id < tokenizer.vocabularySize(); id++) {
                tokenizer.piece(id);
            }
        } catch (GgufException weightsThatAreNoNumbers) {
            return Optional.empty();
        }
        return Optional.of(compiled.warnings());
    }

    /** The self-test; none where the numbers of these weights run out of range, which no key or shape says. */
    private static Optional<SelfTest> selfTest(CompiledModel compiled, CompileOptions options) {
        try {
            Optional<SelfTest> test = SelfTestOracle.of(compiled, options.pipeline());
            test.ifPresent(SelfTest::write);
            return test;
        } catch (IllegalArgumentException notFinite) {
            return Optional.empty();
        }
    }
}
