package dev.quern.bench;

import dev.quern.cli.tokens.TokenizerFile;
import dev.quern.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast texts become ids, on one thread. What is timed begins with the bytes of a text in UTF-8 and ends with the
 * array of its ids. {@link TokenizerReport} makes megabytes a second of the scores.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenizerBenchmark {

    /** A text and a tokenizer. */
    @State(Scope.Thread)
    public static class Input {
        /** A model file or bundle. */
        @Param("none")
        public String model = "";

        /** A file, or the name of a text that is made. */
        @Param("none")
        public String text = "";

        private byte[] bytes = {};
        private @Nullable Tokenizer tokenizer;

        /** Reads text and tokenizer. */
        @Setup(Level.Trial)
        public void read() throws IOException {
            bytes = SampleTexts.bytes(text);
            open();
        }

        void open() throws IOException {
            tokenizer = TokenizerFile.open(Path.of(model));
        }

        int[] encode() {
            return Objects.requireNonNull(tokenizer).encode(bytes, Tokenizer.Options.PLAIN);
        }
    }

    /** The same with a tokenizer that has read nothing; opening it is not timed. */
    public static class Fresh extends Input {
        /** Forgets what was read. */
        @Setup(Level.Invocation)
        public void reopen() throws IOException {
            open();
        }
    }

    /** A text that was read before; what of its words is remembered, is. */
    @Benchmark
    public int[] again(Input input) {
        return input.encode();
    }

    /** A text that is read for the first time. */
    @Benchmark
    public int[] first(Fresh input) {
        return input.encode();
    }
}
