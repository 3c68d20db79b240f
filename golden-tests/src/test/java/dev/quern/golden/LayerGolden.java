package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.endtoend.LayerModels;
import dev.quern.gguf.ByteSource;
import dev.quern.ir.Statement;
import dev.quern.ir.text.Writer;
import dev.quern.passes.PassReport;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code layers/dispatches.txt}: for every family, with its matrices in one encoding and in a mix as files hold it, the
 * dispatches of a layer that has others before and behind it, when one token is decoded, and what the passes say of
 * what they left alone there. So a fusion that is lost is seen.
 */
final class LayerGolden {
    private static final String PATH = "layers/dispatches.txt";

    /** Dispatches of a layer at the most. */
    private static final int MOST = 6;

    private LayerGolden() {}

    static void run(String path) {
        assertEquals(PATH, path, "nothing is kept there; LayerGolden says what is");
        Goldens.check(path, text());
    }

    private static String text() {
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, byte[]> model : LayerModels.all().entrySet()) {
            CompiledModel compiled = ModelCompiler.compile(
                    ByteSource.of(model.getValue()),
                    CompileOptions.of(DeviceProfile.PORTABLE).withContext(64));
            for (int layer : LayerModels.LAYERS) {
                List<String> dispatches = dispatches(compiled, layer);
                assertTrue(
                        dispatches.size() <= MOST,
                        () -> model.getKey() + ", layer " + layer + ": " + String.join("\n", dispatches));
                out.append(model.getKey())
                        .append(", layer ")
                        .append(layer)
                        .append(": ")
                        .append(dispatches.size())
                        .append(" dispatches\n");
                dispatches.forEach(each -> out.append("  ").append(each).append('\n'));
                left(compiled, layer)
                        .forEach(each -> out.append("  left: ").append(each).append('\n'));
            }
        }
        return out.toString();
    }

    /** What is computed from the attention of the layer before to that of this one. */
    private static List<String> dispatches(CompiledModel model, int layer) {
        String before = "layer" + (layer - 1) + ".attention";
        String last = "layer" + layer + ".attention";
        List<String> found = new ArrayList<>();
        boolean inside = false;
        for (Statement statement :
                model.optimised().function("step").orElseThrow().body()) {
            if (inside) {
                found.add(Writer.statement(statement));
            }
            String name = statement.results().getFirst().name();
            inside = name.equals(before) || (inside && !name.equals(last));
        }
        return found;
    }

    private static List<String> left(CompiledModel model, int layer) {
        return model.report().notes().stream()
                .filter(note -> !note.done() && note.where().startsWith("@step, %layer" + layer + "."))
                .map(PassReport.Note::toString)
                .toList();
    }
}
