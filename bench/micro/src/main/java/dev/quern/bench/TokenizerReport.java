package dev.quern.bench;

import dev.quern.cli.terminal.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs {@link TokenizerBenchmark} and prints a line for each tokenizer, in millions of bytes of text a second. */
public final class TokenizerReport {
    /** The last one silences a warning about JMH. */
    private static final String[] JVM = {
        "-Xmx1g", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"
    };

    private TokenizerReport() {}

    /** Takes a file with prose, then models. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        String prose = arguments[0];
        var table = new Table("TOKENIZER", "PROSE, FIRST TIME", "PROSE, AGAIN", "RARE WORDS");
        for (int index = 1; index < arguments.length; index++) {
            String model = arguments[index];
            System.err.println("bench: " + model);
            table.row(
                    Path.of(model).getFileName(),
                    speed("first", model, prose),
                    speed("again", model, prose),
                    speed("again", model, SampleTexts.RARE_WORDS));
        }
        System.out.print(table);
        System.out.println("MB/s on one thread, the median call to the fastest; prose: "
                + SampleTexts.bytes(prose).length + " bytes");
    }

    private static String speed(String benchmark, String model, String text) throws IOException, RunnerException {
        Options options = new OptionsBuilder()
                .include(TokenizerBenchmark.class.getName() + "." + benchmark + "$")
                .param("model", model)
                .param("text", text)
                .jvmArgs(JVM)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();
        RunResult result = new Runner(options).run().iterator().next();
        // Not the mean: on a machine that does other things too, it tells of those.
        Statistics calls = result.getPrimaryResult().getStatistics();
        return speed(text, calls.getPercentile(50)) + " to " + speed(text, calls.getMin());
    }

    private static String speed(String text, double microseconds) throws IOException {
        return BigDecimal.valueOf(SampleTexts.bytes(text).length / microseconds)
                .setScale(1, RoundingMode.HALF_UP)
                .toString();
    }
}
