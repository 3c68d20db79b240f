package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.quern.bundle.files.Sha256;
import dev.quern.cli.bundle.SelfTestOracle;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.endtoend.NamedModels;
import dev.quern.gguf.ByteSource;
import dev.quern.ir.Module;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.passes.PassObserver;
import dev.quern.passes.PassReport;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.BundleSink;
import dev.quern.plan.text.PlanReader;
import dev.quern.plan.text.PlanWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code models/NAME/}: a tiny model on its whole way. {@code 00-imported.qir} is the graph as imported,
 * {@code NN-PASS.qir} the graph after each pass that changed it; for each profile {@code PROFILE/dispatch.qir} is the
 * graph of kernels, {@code PROFILE/plan.qir} the plan, and {@code PROFILE/manifest.json} names every file of the bundle
 * with its SHA-256, so that a bundle that has other bytes on another machine is found out.
 */
final class ModelGolden {
    private static final long CONTEXT = 32;
    private static final String AGAIN = ", read and written again";
    private static final Map<String, String> TEXTS = texts();

    private ModelGolden() {}

    /** What the files should hold, by path. */
    static Map<String, String> all() {
        return TEXTS;
    }

    static void run(String path) {
        String actual = TEXTS.get(path);
        assertNotNull(
                actual,
                () -> "nothing is kept in " + path + "; ModelGolden says what is. Delete the file, if a pass changes"
                        + " this model no more.");
        if (path.endsWith("/plan.qir")) {
            assertEquals(
                    actual,
                    PlanReader.read(path, actual, file -> Optional.empty()).write(),
                    path + AGAIN);
        } else if (path.endsWith(".qir")) {
            assertEquals(actual, Writer.write(Reader.read(path, actual)), path + AGAIN);
        }
        Goldens.check(path, actual);
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        NamedModels.all().forEach((name, file) -> add("models/" + name + "/", file, texts));
        return Collections.unmodifiableMap(texts);
    }

    private static void add(String folder, byte[] file, Map<String, String> texts) {
        for (DeviceProfile profile : DeviceProfile.ALL) {
            CompileOptions options = CompileOptions.of(profile).withContext(CONTEXT);
            CompiledModel model = ModelCompiler.compile(ByteSource.of(file), options);
            if (profile.equals(DeviceProfile.PORTABLE)) {
                addPasses(folder, model, options, texts);
            }
            String ofProfile = folder + profile.name() + "/";
            texts.put(ofProfile + "dispatch.qir", Writer.write(model.selection().module()));
            var bundle = new Texts();
            ModelCompiler.write(
                    model,
                    () -> SelfTestOracle.of(model, options.pipeline()),
                    bundle,
                    Sha256::new,
                    (done, total) -> {});
            texts.put(ofProfile + "plan.qir", PlanWriter.write(model.facts().name(), model.plan()));
            texts.put(ofProfile + "manifest.json", bundle.text("manifest.json"));
        }
    }

    private static void addPasses(
            String folder, CompiledModel model, CompileOptions options, Map<String, String> texts) {
        texts.put(folder + "00-imported.qir", Writer.write(model.imported()));
        options.pipeline().run(model.imported(), new PassReport(), new PassObserver() {
            @Override
            public void ran(int index, String pass, Module before, Module after, long nanoseconds) {
                if (!after.equals(before)) {
                    String number = (index < 9 ? "0" : "") + (index + 1);
                    texts.put(folder + number + "-" + pass + ".qir", Writer.write(after));
                }
            }

            @Override
            public void failed(int index, String pass, Module before, RuntimeException problem) {}
        });
    }

    /** A bundle in memory. */
    private static final class Texts implements BundleSink {
        private final Map<String, ByteArrayOutputStream> files = new LinkedHashMap<>();
        private ByteArrayOutputStream current = new ByteArrayOutputStream();

        String text(String name) {
            ByteArrayOutputStream file = files.get(name);
            assertNotNull(file, () -> "the bundle has no " + name + "; it has " + files.keySet());
            return file.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void begin(String file) {
            current = new ByteArrayOutputStream();
            files.put(file, current);
        }

        @Override
        public void write(ByteBuffer piece) {
            byte[] bytes = new byte[piece.remaining()];
            piece.get(bytes);
            current.writeBytes(bytes);
        }

        @Override
        public void end() {}

        @Override
        public void finish() {}

        @Override
        public void abandon() {}
    }
}
