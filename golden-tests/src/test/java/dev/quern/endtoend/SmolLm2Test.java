package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.store.FileByteSource;
import dev.quern.compiler.CompileOptions;
import dev.quern.endtoend.SmolLm2.Continuation;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Plan;
import dev.quern.reference.Numerics;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import dev.quern.text.Tokenizer;
import dev.quern.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A model that people use, on the profile that fits the device best. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmolLm2Test {
    /** "Once upon a time", and how it goes on. */
    private static final int[] TOKENS = {6403, 1980, 253, 655, 28, 260};

    /** Where the likeliest token on record lies less above the second, another order of sums may choose that one. */
    private static final double CLEAR_GAP = 0.05;

    private static final int MOST_DISPATCHES_PER_LAYER = 8;

    private final WgpuGpu gpu;
    private final FileByteSource file;
    private final DeviceModel model;

    SmolLm2Test(@TempDir Path folder) throws IOException {
        Path path = SmolLm2.require();
        gpu = TestDevice.open();
        file = FileByteSource.open(path);
        DeviceProfile profile = ProfileMatcher.choose(DeviceProfile.ALL, gpu.info());
        model = DeviceModel.load(file, CompileOptions.of(profile).withContext(256), gpu, folder);
    }

    @AfterAll
    void close() {
        model.close();
        file.close();
        gpu.close();
    }

    @Test
    void computesWhatTheInterpreterComputes(TestReporter reporter) {
        double worst = Agreement.worst(
                "step",
                new ReferenceModel(model.compiled()).logits(TOKENS),
                model.logits(TOKENS),
                RandomModelsTest.LIMIT);
        reporter.publishEntry("SmolLM2, " + plan().profile().name(), "step " + worst);
    }

    @Test
    void theArenaIsAsSmallAsItCanBe() {
        var memory = plan().memory();
        assertTrue(memory.lowerBoundBytes() > 0, "the arena is empty");
        assertEquals(memory.lowerBoundBytes(), memory.arenaBytes());
    }

    @Test
    void aLayerTakesFewDispatches() {
        int layers = model.compiled().facts().layers();
        int dispatches = plan().entryPoint(EntryPoint.STEP).steps().size();
        assertTrue(
                dispatches <= MOST_DISPATCHES_PER_LAYER * layers,
                () -> dispatches + " dispatches for a token of " + layers + " layers");
    }

    @Test
    void promptsBecomeTheTokensOnRecord() throws IOException {
        Tokenizer tokenizer = Tokenizers.of(model.compiled().tokenizer());
        for (Continuation each : SmolLm2.continuations()) {
            var options = new Tokenizer.Options(each.parseSpecial(), true);
            assertArrayEquals(each.promptArray(), tokenizer.encode(each.prompt(), options), each.prompt());
        }
    }

    /** Each token is computed from the tokens on record before it, so that a narrow choice does not spoil the rest. */
    @Test
    void goesOnAsOnRecord(TestReporter reporter) throws IOException {
        for (Continuation each : SmolLm2.continuations()) {
            int[] tokens = each.all();
            int compared = 0;
            float[] logits = model.prefilled(model.executor().chunk(), each.promptArray());
            for (int index = 0; index < each.greedy().size(); index++) {
                int position = each.promptTokens().size() + index;
                if (each.gaps().get(index) > CLEAR_GAP) {
                    assertEquals(
                            each.greedy().get(index).intValue(),
                            Numerics.argMax(logits),
                            () -> each.prompt() + ": the token at position " + position);
                    compared++;
                }
                logits = model.step(tokens[position], position);
            }
            assertTrue(compared > each.greedy().size() / 2, each.prompt() + ": hardly a token was compared");
            reporter.publishEntry(
                    each.prompt(), compared + " of " + each.greedy().size() + " tokens compared");
        }
    }

    /** The device's own choice, from token to token, as a session runs it. */
    @Test
    void picksAsOnRecord() throws IOException {
        Continuation first = SmolLm2.continuations().getFirst();
        int[] prompt = first.promptArray();
        int sure = 0;
        while (sure < first.greedy().size() && first.gaps().get(sure) > CLEAR_GAP) {
            sure++;
        }
        model.prefilled(model.executor().chunk(), prompt);
        int last = prompt.length - 1;
        int[] picked = model.picked(prompt[last], last, sure);
        assertEquals(
                first.greedy().subList(0, sure), Arrays.stream(picked).boxed().toList());
    }

    private Plan plan() {
        return model.compiled().plan();
    }
}
