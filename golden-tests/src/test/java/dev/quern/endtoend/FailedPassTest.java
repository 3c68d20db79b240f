package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.bundle.Compilation;
import dev.quern.cli.ir.IrException;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.terminal.Terminal;
import dev.quern.compiler.CompileOptions;
import dev.quern.gguf.GgufTensorType;
import dev.quern.ir.Module;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.VerificationException;
import dev.quern.passes.Pass;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipeline;
import dev.quern.passes.Pipelines;
import dev.quern.plan.DeviceProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A compilation in which a pass fails leaves the graph from before that pass, from which the failure can be repeated.
 */
final class FailedPassTest {
    /** Drops the last weight, which is in use. */
    private static final Pass HARMFUL = new Pass() {
        @Override
        public String name() {
            return "drop-weight";
        }

        @Override
        public Module run(Module module, PassReport report) {
            return module.with(module.weights().subList(0, module.weights().size() - 1), module.functions());
        }
    };

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theGraphBeforeAFailedPassIsKept() throws IOException {
        Path model = folder.resolve("model.gguf");
        Files.write(model, RandomModels.write(ModelCases.SHAPES.get(0), Recipe.uniform(GgufTensorType.Q8_0)));
        List<Pipeline.Step> steps =
                new ArrayList<>(Pipelines.standard().limit(3).steps());
        steps.add(new Pipeline.Step(HARMFUL, "Broken on purpose."));
        Pipeline pipeline = new Pipeline(steps);
        CompileOptions usual = CompileOptions.of(DeviceProfile.PORTABLE);
        CompileOptions options = new CompileOptions(usual.profile(), usual.context(), usual.chunk(), pipeline);
        Path cache = folder.resolve("cache");
        Path target = folder.resolve("bundle");
        Terminal terminal = Terminal.ofProcess(System.out, System.err, System.getProperties(), Map.of());
        Compilation compilation = new Compilation(new CacheFolder(cache), terminal);
        String message = String.valueOf(assertThrows(IrException.class, () -> compilation.run(model, options, target))
                .getMessage());
        assertTrue(message.startsWith("The pass drop-weight failed: its result breaks rules,\n"), message);
        String command = message.substring(message.lastIndexOf('\n') + 1).strip();
        assertTrue(command.startsWith("quern opt " + cache.resolve("failures")), command);
        assertTrue(command.endsWith(" --passes drop-weight --verify-each"), command);
        Path saved = Path.of(command.split(" ", -1)[2]);
        String text = Files.readString(saved);
        assertTrue(text.contains("//   " + command + "\n"), text);
        Module before = Reader.read(saved.toString(), text);
        assertThrows(VerificationException.class, () -> new Pipeline(steps.subList(3, 4)).run(before));
        assertFalse(Files.exists(target), "nothing is left of a bundle");
        assertThrows(IrException.class, () -> compilation.run(model, options, target));
        try (var files = Files.list(saved.resolveSibling(""))) {
            assertEquals(1, files.count(), "the same failure has one file");
        }
    }
}
