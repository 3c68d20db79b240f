package dev.quern.cli.bench;

import dev.quern.cli.bundle.InterruptedLoad;
import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.terminal.Progress;
import dev.quern.runtime.PlanCosts;
import dev.quern.runtime.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/**
 * Measures prompts and steps of some lengths at some depths, each several times after one that does not count.
 *
 * @param prompts tokens of the prompts that are read
 * @param answers tokens that are generated
 * @param depths positions before either
 * @param repetitions of each
 */
public record Benchmark(List<Integer> prompts, List<Integer> answers, List<Integer> depths, int repetitions) {
    public Benchmark {
        prompts = List.copyOf(prompts);
        answers = List.copyOf(answers);
        depths = List.copyOf(depths);
    }

    /** The most positions that any of it takes. */
    public int positions() {
        int longest = Math.max(largest(prompts), largest(answers));
        return longest + largest(depths);
    }

    private static int largest(List<Integer> counts) {
        return counts.stream().mapToInt(count -> count).max().orElse(0);
    }

    /** What one of them took. */
    public sealed interface Row {
        int tokens();

        int depth();

        Samples samples();

        /** Tokens in a second, by the median. */
        default double rate() {
            return tokens() / samples().median();
        }

        /** Reading a prompt. */
        record Prompt(int tokens, int depth, Samples samples) implements Row {}

        /**
         * Generating an answer.
         *
         * @param encodeSeconds of a token, in which its work was encoded and submitted
         * @param bytes of weights and states that a token reads
         */
        record Answer(int tokens, int depth, Samples samples, double encodeSeconds, long bytes) implements Row {
            /** Bytes in a second. */
            double bandwidth() {
                return bytes * rate();
            }
        }
    }

    /**
     * What was measured.
     *
     * @param copyBandwidth bytes in a second that the device copies, read and written
     * @param dispatches of a token
     */
    public record Report(List<Row> rows, double copyBandwidth, int dispatches) {
        public Report {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Measures.
     *
     * @param interrupted asked between trials
     * @throws InterruptedLoad if it was interrupted
     */
    public Report run(LoadedModel model, Progress progress, BooleanSupplier interrupted) {
        Trial trial = model.engine().session().trial();
        PlanCosts costs = PlanCosts.of(model.engine().plan());
        int kinds = depths.size() * (prompts.size() + answers.size());
        List<Row> rows = new ArrayList<>();
        Counter counter = new Counter(progress, interrupted, kinds * (repetitions + 1L) + 1);
        for (int depth : depths) {
            for (int tokens : prompts) {
                rows.add(new Row.Prompt(
                        tokens, depth, Samples.of(counter.repeat(repetitions, () -> trial.prompt(tokens, depth)))));
            }
            for (int tokens : answers) {
                List<Long> encoding = new ArrayList<>();
                Samples samples = Samples.of(counter.repeat(repetitions, () -> {
                    Trial.Steps steps = trial.steps(tokens, depth);
                    encoding.add(steps.encodeNanoseconds());
                    return steps.nanoseconds();
                }));
                // The first is the one that warms up.
                Samples encoded = new Samples(encoding.subList(1, encoding.size()));
                rows.add(new Row.Answer(
                        tokens, depth, samples, encoded.median() / tokens, costs.bytesPerToken(depth + tokens / 2.0)));
            }
        }
        double copied = Bandwidth.measure(model.gpu(), repetitions);
        counter.next();
        return new Report(rows, copied, costs.dispatchesPerToken());
    }

    /** Counts trials. */
    private static final class Counter {
        private final Progress progress;
        private final BooleanSupplier interrupted;
        private final long all;
        private long done;

        Counter(Progress progress, BooleanSupplier interrupted, long all) {
            this.progress = progress;
            this.interrupted = interrupted;
            this.all = all;
        }

        /** Something that gives its nanoseconds. */
        @FunctionalInterface
        interface Timed {
            long run();
        }

        /** The times of all but the first, which brings kernels and caches to what they will be. */
        LongStream repeat(int repetitions, Timed timed) {
            List<Long> times = new ArrayList<>();
            for (int count = 0; count <= repetitions; count++) {
                long time = timed.run();
                next();
                if (count > 0) {
                    times.add(time);
                }
            }
            return times.stream().mapToLong(time -> time);
        }

        void next() {
            if (interrupted.getAsBoolean()) {
                throw new InterruptedLoad();
            }
            progress.at(++done, all);
        }
    }
}
