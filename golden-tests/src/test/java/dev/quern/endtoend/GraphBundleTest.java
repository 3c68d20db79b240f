package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.bundle.files.Sha256;
import dev.quern.cli.bundle.SelfTestOracle;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.compiler.CompileObserver;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.GraphCompiler;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelNames;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.ir.Module;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.Place;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A graph as text holds all that a bundle needs beside the weights and the tokenizer. */
final class GraphBundleTest {
    static final List<Named<DeviceProfile>> PROFILES = ModelCases.PROFILES;

    /** Its rotations have factors, which the text must name too. */
    private static final byte[] MODEL =
            RandomModels.write(ModelCases.SHAPES.get(1), Recipe.uniform(GgufTensorType.Q4_0));

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @FieldSource("PROFILES")
    void theBundleOfATextIsTheBundleOfItsModel(DeviceProfile profile) throws IOException {
        CompileOptions options = options(profile);
        CompiledModel compiled = ModelCompiler.compile(ByteSource.of(MODEL), options);
        String expected = manifest("model", compiled, () -> SelfTestOracle.of(compiled, options.pipeline()));
        Module fused = compiled.optimised();
        for (Module module : List.of(fused, compiled.selection().module())) {
            CompiledModel written = compile(Writer.write(module), profile);
            assertEquals(compiled.plan(), written.plan());
            assertEquals(
                    expected,
                    manifest(module.stage().text(), written, () -> SelfTestOracle.ofWritten(written)),
                    "every file, by its digest");
        }
    }

    /** A decision that was edited is what the bundle then has, and a device computes the same with it. */
    @Test
    void anEditedDecisionIsInTheBundle() throws IOException {
        DeviceProfile profile = DeviceProfile.CPU_VULKAN;
        CompiledModel compiled = ModelCompiler.compile(ByteSource.of(MODEL), options(profile));
        String text = Writer.write(compiled.selection().module());
        CompiledModel edited = compile(text.replace("input = uniform", "input = storage"), profile);
        assertNotEquals(compiled.plan(), edited.plan());
        try (WgpuGpu gpu = TestDevice.open();
                DeviceModel one = DeviceModel.load(compiled, gpu, folder);
                DeviceModel other = DeviceModel.load(edited, gpu, folder)) {
            float[] expected = one.step(7, 0);
            float[] found = other.step(7, 0);
            double worst = 0;
            for (int index = 0; index < expected.length; index++) {
                worst = Math.max(worst, Math.abs(expected[index] - found[index]));
            }
            assertTrue(worst < 1e-5, "the largest difference: " + worst);
        }
    }

    @Test
    void weightsThatTheFileDoesNotHaveAreRefused() {
        DeviceProfile profile = DeviceProfile.PORTABLE;
        CompiledModel compiled = ModelCompiler.compile(ByteSource.of(MODEL), options(profile));
        String text = Writer.write(compiled.optimised());
        refused(text.replace("\"blk.1.ffn_down.weight\"", "\"blk.1.ffn_dwon.weight\""), "has no such tensor.");
        refused(
                text.replace("\"blk.1.ffn_down.weight\"", "\"output_norm.weight\""),
                ", and the tensor output_norm.weight is f32.");
        refused(
                text.replace("[\"blk.1.ffn_down.weight\"]", "[\"blk.1.ffn_down.weight\", \"blk.1.ffn_down.weight\"]"),
                "and its tensors have");
        refused(text.replace("{from = [\"output_norm.weight\"]}", ""), "names no tensor of the model file");
    }

    private static void refused(String text, String expected) {
        SelectionException refusal =
                assertThrows(SelectionException.class, () -> compile(text, DeviceProfile.PORTABLE));
        assertTrue(String.valueOf(refusal.getMessage()).contains(expected), refusal.getMessage());
        assertTrue(refusal.place().orElseThrow() instanceof Place.OfWeight, refusal.getMessage());
    }

    private static CompileOptions options(DeviceProfile profile) {
        return CompileOptions.of(profile).withContext(64);
    }

    private static CompiledModel compile(String text, DeviceProfile profile) {
        return GraphCompiler.compile(
                Reader.readVerified("m.qir", text),
                ByteSource.of(MODEL),
                ModelNames.NONE,
                profile,
                CompileObserver.NONE);
    }

    private String manifest(String name, CompiledModel model, Supplier<Optional<SelfTest>> test) throws IOException {
        Path bundle = folder.resolve(name);
        ModelCompiler.write(model, test, BundleFiles.sink(bundle), Sha256::new, (done, total) -> {});
        return Files.readString(bundle.resolve(Manifest.FILE));
    }
}
