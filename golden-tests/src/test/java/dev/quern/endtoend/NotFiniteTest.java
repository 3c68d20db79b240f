package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.bundle.files.Sha256;
import dev.quern.cli.bundle.SelfTestOracle;
import dev.quern.cli.inspect.FileVerdict;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelVerifier.Verdict;
import dev.quern.gguf.ByteSource;
import dev.quern.passes.Pipelines;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.Engine;
import dev.quern.runtime.GenerationRequest;
import dev.quern.runtime.LoadProgress;
import dev.quern.runtime.NotFiniteException;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.Session;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import dev.quern.text.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Where arithmetic fails, whoever asked is told so, and where: no token is made up. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NotFiniteTest {
    static final List<Named<DeviceProfile>> PROFILES = ModelCases.PROFILES;

    private static final List<Integer> GOOD = List.of(5, 7, 9, 11);
    private static final List<Integer> BAD = List.of(5, 7, SpoiltModels.TOKEN, 9, 11);
    private static final int PLACE = 2;

    private final WgpuGpu gpu;
    private final Path folder;

    NotFiniteTest(@TempDir Path folder) {
        this.folder = folder;
        this.gpu = TestDevice.open();
    }

    @AfterAll
    void closeDevice() {
        gpu.close();
    }

    private Engine load(byte[] model, DeviceProfile profile, CacheEncoding cache) throws IOException {
        List<String> misfits = ProfileMatcher.misfits(profile, gpu.info());
        Assumptions.assumeTrue(misfits.isEmpty(), misfits::toString);
        Path bundle = Files.createTempDirectory(folder, "model").resolve("bundle.quern");
        ModelCompiler.write(
                ModelCompiler.compile(
                        ByteSource.of(model),
                        CompileOptions.of(profile).withContext(64).withCache(cache)),
                BundleFiles.sink(bundle),
                Sha256::new,
                (done, total) -> {});
        try (var source = BundleFiles.source(bundle)) {
            return Engine.load(BundleFiles.reader(source), gpu, profile.name(), LoadProgress.SILENT, System::nanoTime);
        }
    }

    private static List<Integer> generate(Session session, List<Integer> prompt, Sampling sampling) {
        var generation =
                session.generate(new GenerationRequest(prompt, 3, sampling, List.of()), () -> false, text -> {});
        generation.finish();
        return generation.tokens();
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void aKeyBeyondTheRangeOfHalvesIsToldHoweverTokensAreChosen(DeviceProfile profile) throws IOException {
        try (Engine engine = load(SpoiltModels.oneLargeKey(), profile, CacheEncoding.F16)) {
            Session session = engine.session();
            List<Integer> before = generate(session, GOOD, Sampling.GREEDY);
            for (Sampling sampling : List.of(Sampling.GREEDY, new Sampling(0.8f, 0, 1, 0, 7))) {
                var failure = assertThrows(NotFiniteException.class, () -> generate(session, BAD, sampling));
                assertNames(failure, profile);
                // What was spoilt is forgotten, what was read before it is not.
                assertEquals(before, generate(session, GOOD, Sampling.GREEDY));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void soAreLogits(DeviceProfile profile) throws IOException {
        try (Engine engine = load(SpoiltModels.oneLargeKey(), profile, CacheEncoding.F16)) {
            boolean[] given = new boolean[BAD.size()];
            var scoring = engine.session().score(BAD, (position, logits) -> given[position] = true);
            assertNames(assertThrows(NotFiniteException.class, scoring::finish), profile);
            IntStream.range(0, given.length)
                    .forEach(position -> assertEquals(position < PLACE, given[position], "row " + position));
        }
    }

    private static void assertNames(NotFiniteException failure, DeviceProfile profile) {
        assertEquals(PLACE, failure.position());
        String message = String.valueOf(failure.getMessage());
        assertTrue(
                message.startsWith(
                        "The arithmetic failed at position 2, token " + SpoiltModels.TOKEN
                                + ": element 0 of %layer0.keys is infinite, written by dispatch 2 of step, the kernel place_heads_f16_"),
                message);
        assertTrue(message.endsWith("compile the model with --cache f32."), profile + ": " + message);
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void withKeysAndValuesAsFloatsItRuns(DeviceProfile profile) throws IOException {
        byte[] model = SpoiltModels.oneLargeKey();
        CompileOptions options = CompileOptions.of(profile).withContext(64).withCache(CacheEncoding.F32);
        int[] tokens = BAD.stream().mapToInt(Integer::intValue).toArray();
        try (DeviceModel device = DeviceModel.load(ByteSource.of(model), options, gpu, folder)) {
            List<float[]> expected = new ReferenceModel(device.compiled()).logits(tokens);
            Agreement.worst("step", expected, device.logits(tokens), RandomModelsTest.LIMIT);
            Agreement.check(() -> "prefill", expected.getLast(), device.prefilled(3, tokens), RandomModelsTest.LIMIT);
        }
        try (Engine engine = load(model, profile, CacheEncoding.F32)) {
            assertFalse(generate(engine.session(), BAD, Sampling.GREEDY).isEmpty());
        }
    }

    /**
     * No way of keeping keys helps where a product leaves the range of floats; the message says nothing of the kind.
     */
    @ParameterizedTest
    @FieldSource("PROFILES")
    void numbersBeyondTheRangeOfFloatsAreToldWhereTheyArise(DeviceProfile profile) throws IOException {
        try (Engine engine = load(SpoiltModels.beyondFloats(), profile, CacheEncoding.F32)) {
            var failure =
                    assertThrows(NotFiniteException.class, () -> generate(engine.session(), GOOD, Sampling.GREEDY));
            String message = String.valueOf(failure.getMessage());
            assertTrue(message.contains("at position 0, token 5: element "), message);
            assertTrue(message.contains(" of %layer0."), message);
            assertFalse(message.contains("--cache"), message);
        }
    }

    @Test
    void theOracleOfTheSelfTestSaysSoToo() {
        var compiled = ModelCompiler.compile(
                ByteSource.of(SpoiltModels.oneLargeKey()), CompileOptions.of(DeviceProfile.PORTABLE));
        var refused =
                assertThrows(IllegalArgumentException.class, () -> SelfTestOracle.of(compiled, Pipelines.standard()));
        assertEquals(
                "The model cannot run as it is compiled, tried with token 100 at position 0: element 0 of"
                        + " %layer0.keys_after, which place_heads computes, is infinite. Keys or values leave the range"
                        + " of f16, which ends at 65504: keep them as f32 (--cache f32).",
                refused.getMessage());
    }

    /** With its weights a model is verified as it is compiled: its arithmetic is tried. */
    @Test
    void theVerifierThatReadsWeightsTriesTheArithmetic() throws IOException {
        Path file = Files.write(folder.resolve("large-key.gguf"), SpoiltModels.oneLargeKey());
        CompileOptions halves = CompileOptions.of(DeviceProfile.PORTABLE);
        FileVerdict refused = FileVerdict.of("large-key", file, withWeights(halves));
        assertEquals(Verdict.REFUSED, refused.verdict());
        assertEquals("arithmetic", refused.findings().getLast().where());
        assertTrue(refused.findings().getLast().message().contains("--cache f32"), refused.toString());
        FileVerdict taken = FileVerdict.of("large-key", file, withWeights(halves.withCache(CacheEncoding.F32)));
        assertEquals(List.of(), taken.findings());
    }

    private static FileVerdict.Scope withWeights(CompileOptions options) {
        return new FileVerdict.Scope() {
            @Override
            public CompileOptions options() {
                return options;
            }

            @Override
            public boolean weights() {
                return true;
            }

            @Override
            public boolean device() {
                return false;
            }

            @Override
            public Optional<DeviceProfile.Limits> limits() {
                return Optional.empty();
            }

            @Override
            public Path bundle(Path model) {
                throw new AssertionError("nothing is run");
            }
        };
    }
}
