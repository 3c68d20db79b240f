package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.DeviceProfile;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.wgpu.WgpuLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints what was measured as a page of the manual. */
final class NumericsTables {
    private static final Path ORACLE = Path.of("..", "scripts", "fetch-oracle");

    private NumericsTables() {}

    static String print(DeviceInfo device, long blocks, List<Measurement> all) throws IOException {
        return """
                # Numerics

                Printed by one command, which measures anew; this page is not written by hand:

                ```
                scripts/numerics -o docs/numerics.md
                ```

                | | |
                |---|---|
                | device | %s |
                | driver | %s, through %s |
                | wgpu-native | %s |
                | llama.cpp and ggml | %s %s of npm |

                Errors are normalised mean squared errors, `sum((a - b)^2) / sum(a^2)`; of several measurements the largest stands here. Weights are
                random in every bit of their fields, so each value of a field occurs. They are decoded exactly and activations are f32 in all
                kernels; only keys and values are rounded, to f16, in the interpreter too. No kernel rounds activations to f16 or to bytes, so the
                wider limits for such kernels are in no use.

                ## Codecs and kernels

                * codec: blocks, of %d random ones, that decode to other bits than in ggml. None may.
                * product: a row times a matrix in the interpreter, against double sums of what ggml decodes. At most %s.
                * matvec and matmul: one row, and as many as a chunk of a prompt has, times 200 x 1024 weights on the device, against the
                  interpreter. At most %s.

                %s
                ## Whole models

                A random model of three layers, all of whose matrices have the encoding, with keys shared by four query heads.

                * interpreter: keys and values as floats, against llama.cpp on a copy of the file that is decoded to F32. At most %s.
                * device: the logits at each position against the interpreter. At most %s.
                * decoded: the same against llama.cpp on the decoded copy, which keeps keys and values as floats. At most %s.
                * divergence: of the distributions of tokens from those of llama.cpp on the decoded copy, in nats, the mean. At most %s.
                * encoded: against llama.cpp on the encoded file, which encodes activations too; all positions as one. At most %s.

                %s""".formatted(
                        device.name(),
                        device.driver(),
                        device.backend(),
                        WgpuLibrary.version(),
                        pinned("package"),
                        pinned("version"),
                        blocks,
                        scientific(Measurement.LIMIT_OF_INTERPRETER),
                        scientific(Measurement.LIMIT_OF_KERNELS),
                        parts(all),
                        scientific(Measurement.LIMIT_OF_INTERPRETER),
                        scientific(RandomModelsTest.LIMIT),
                        scientific(LlamaCppAgreementTest.LIMIT),
                        scientific(LlamaCppAgreementTest.LIMIT_OF_DIVERGENCE),
                        scientific(LlamaCppAgreementTest.LIMIT_ON_THE_FILE_ITSELF),
                        models(all));
    }

    private static String parts(List<Measurement> all) {
        var table = new StringBuilder();
        List<String> head = new ArrayList<>(List.of("encoding", "bits", "codec", "product"));
        forProfiles(head, "matvec", "matmul");
        head.add("verdict");
        row(table, head);
        row(table, head.stream().map(title -> "---").toList());
        for (Measurement each : all) {
            double bits = 8.0 * each.encoding().bytes() / each.encoding().elements();
            List<String> cells = new ArrayList<>(List.of(
                    "`" + each.encoding().text() + "`",
                    String.format(Locale.ROOT, "%.4f", bits).replaceAll("\\.?0+$", ""),
                    Long.toString(each.codec().differing()),
                    scientific(each.product())));
            forProfiles(cells, each, Measurement.OnDevice::matvec);
            forProfiles(cells, each, Measurement.OnDevice::matmul);
            cells.add(each.partsPass() ? "pass" : "FAIL");
            row(table, cells);
        }
        return table.toString();
    }

    private static String models(List<Measurement> all) {
        var table = new StringBuilder();
        List<String> head = new ArrayList<>(List.of("encoding", "interpreter"));
        forProfiles(head, "device", "decoded", "divergence", "encoded");
        head.add("verdict");
        row(table, head);
        row(table, head.stream().map(title -> "---").toList());
        for (Measurement each : all) {
            List<String> cells = new ArrayList<>(List.of("`" + each.encoding().text() + "`", scientific(each.model())));
            forProfiles(cells, each, Measurement.OnDevice::interpreter);
            forProfiles(cells, each, Measurement.OnDevice::decoded);
            forProfiles(cells, each, Measurement.OnDevice::divergence);
            forProfiles(cells, each, Measurement.OnDevice::encoded);
            cells.add(each.modelPasses() ? "pass" : "FAIL");
            row(table, cells);
        }
        return table.toString();
    }

    private static void forProfiles(List<String> head, String... titles) {
        for (String title : titles) {
            DeviceProfile.ALL.forEach(profile -> head.add(title + ", " + profile.name()));
        }
    }

    private static void forProfiles(List<String> cells, Measurement each, ToDoubleFunction<Measurement.OnDevice> part) {
        for (DeviceProfile profile : DeviceProfile.ALL) {
            Measurement.OnDevice measured = each.devices().get(profile.name());
            cells.add(measured == null ? "" : scientific(part.applyAsDouble(measured)));
        }
    }

    static void row(StringBuilder table, List<String> cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** One digit after the point: {@code 3.1e-14}; 0 as such. */
    static String scientific(double value) {
        return value == 0
                ? "0"
                : String.format(Locale.ROOT, "%.1e", value).replace(".0e", "e").replace("e-0", "e-");
    }

    /** What the script that fetches llama.cpp has written down. */
    static String pinned(String name) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + name + "='(.*)'$").matcher(Files.readString(ORACLE));
        assertTrue(line.find(), () -> ORACLE + " names no " + name);
        return line.group(1);
    }
}
