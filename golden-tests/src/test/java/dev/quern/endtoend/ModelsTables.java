package dev.quern.endtoend;

import dev.quern.compiler.CompileOptions;
import dev.quern.endtoend.ModelFigures.Memory;
import dev.quern.plan.CacheEncoding;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.wgpu.WgpuLibrary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Prints what was measured of families and models as a page of the manual. */
final class ModelsTables {
    private static final double MEGABYTE = 1e6;

    private ModelsTables() {}

    static String print(DeviceInfo device, Map<String, ModelsDocument.Errors> errors, List<ModelFigures> figures)
            throws IOException {
        return """
                # Models

                Printed by one command, which measures anew; this page is not written by hand:

                ```
                scripts/models -o docs/models.md
                ```

                | | |
                |---|---|
                | device | %s |
                | driver | %s, through %s |
                | wgpu-native | %s |
                | llama.cpp | %s %s of npm |

                ## Right answers

                Random models of every family, with what its keys and tensors can say. Errors are normalised mean squared errors of the logits,
                `sum((a - b)^2) / sum(a^2)`, at %d positions one by one; the largest of all positions and models stands here. llama.cpp computes
                Gemma's GELU by a table of halves, and with 46 layers that adds up.

                * interpreter: against llama.cpp on a copy of the file that is decoded to F32, both with keys and values as floats.
                * device: against the interpreter, both with keys and values as halves; the profiles take turns.

                %s
                ## Dispatches

                What a GPU is asked to do for one token: files in the mix called Q4_K_M, the profile `portable`. A layer stands from its attention
                to that of the next, a dispatch each, where layers differ the one that takes most: `#0` and `#1` are the product's parts, `x` the residual.

                %s
                ## Memory

                Megabytes (10^6 bytes) that the plan takes on the device at %d positions, with WebGPU's default limits: nothing binds more than
                128 MiB, so that larger matrices are split. Layers with a window keep its positions only. What stands under "rest" are the
                activations, what a prompt's chunk of %d tokens needs included. The plan is made of the header alone, in the seconds given.

                %s""".formatted(
                        device.name(),
                        device.driver(),
                        device.backend(),
                        WgpuLibrary.version(),
                        NumericsTables.pinned("package"),
                        NumericsTables.pinned("version"),
                        ModelsDocument.POSITIONS,
                        answers(errors),
                        dispatches(figures),
                        ModelFigures.CONTEXT,
                        CompileOptions.DEFAULT_CHUNK,
                        memory(figures));
    }

    private static String answers(Map<String, ModelsDocument.Errors> errors) {
        var table = new StringBuilder();
        head(table, List.of("family", "models", "interpreter", "device"));
        errors.forEach((family, each) -> NumericsTables.row(
                table,
                List.of(
                        "`" + family + "`",
                        Integer.toString(each.models()),
                        NumericsTables.scientific(each.interpreter()),
                        NumericsTables.scientific(each.device()))));
        return table.toString();
    }

    private static String dispatches(List<ModelFigures> figures) {
        var table = new StringBuilder();
        head(table, List.of("family", "model", "a token", "a layer", "what a layer is"));
        for (ModelFigures each : figures) {
            NumericsTables.row(
                    table,
                    List.of(
                            "`" + each.model().family() + "`",
                            each.model().name(),
                            Integer.toString(each.dispatches()),
                            range(each.fewest(), each.layer().size()),
                            String.join(" → ", each.layer())));
        }
        return table.toString();
    }

    private static String range(int fewest, int most) {
        return fewest == most ? Integer.toString(most) : fewest + " to " + most;
    }

    private static String memory(List<ModelFigures> figures) {
        var table = new StringBuilder();
        List<String> titles = new ArrayList<>(List.of("model", "parameters", "weights"));
        for (CacheEncoding cache : CacheEncoding.values()) {
            titles.add("keys and values, " + cache.text());
        }
        titles.addAll(List.of("bytes a position, " + CacheEncoding.DEFAULT.text(), "rest"));
        for (CacheEncoding cache : CacheEncoding.values()) {
            titles.add("total, " + cache.text());
        }
        titles.add("s");
        head(table, titles);
        for (ModelFigures each : figures) {
            List<String> cells = new ArrayList<>(List.of(
                    each.model().name(),
                    String.format(Locale.ROOT, "%.2f·10^9", each.parameters() / 1e9),
                    megabytes(usual(each).weights())));
            each.memory().values().forEach(memory -> cells.add(megabytes(memory.states())));
            cells.add(Long.toString(usual(each).states() / ModelFigures.CONTEXT));
            cells.add(megabytes(usual(each).rest()));
            each.memory().values().forEach(memory -> cells.add(megabytes(memory.total())));
            cells.add(String.format(Locale.ROOT, "%.1f", each.seconds()));
            NumericsTables.row(table, cells);
        }
        return table.toString();
    }

    private static Memory usual(ModelFigures each) {
        return Objects.requireNonNull(each.memory().get(CacheEncoding.DEFAULT));
    }

    private static void head(StringBuilder table, List<String> titles) {
        NumericsTables.row(table, titles);
        NumericsTables.row(table, titles.stream().map(title -> "---").toList());
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.0f", bytes / MEGABYTE);
    }
}
