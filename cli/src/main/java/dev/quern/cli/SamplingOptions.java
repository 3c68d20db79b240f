package dev.quern.cli;

import dev.quern.runtime.SamplingChoice;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** How tokens are chosen, as far as it is said. */
final class SamplingOptions {
    @Option(
            names = {"--temperature", "--temp"},
            paramLabel = "T",
            converter = Temperature.class,
            description = "0 takes the likeliest token always; more draws more freely.")
    private @Nullable Float temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            converter = Count.class,
            description = "Draw from the K likeliest tokens only; 0 for all.")
    private @Nullable Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            converter = TopShare.class,
            description = "Draw from the likeliest tokens that together have the probability P; 1 for all.")
    private @Nullable Float topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            converter = Share.class,
            description = "Draw from tokens with at least P times the best one's probability.")
    private @Nullable Float minP;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "R",
            converter = Penalty.class,
            description =
                    "Make tokens that were there lately less likely: their positive logits are divided by R, others"
                            + " multiplied; 1 for not at all.")
    private @Nullable Float repeatPenalty;

    @Option(
            names = "--repeat-last-n",
            paramLabel = "N",
            converter = Last.class,
            description = "How many tokens count as lately. Default: 64; -1 for all.")
    private @Nullable Integer repeatLast;

    @Option(
            names = {"-s", "--seed"},
            paramLabel = "N",
            converter = SeedConverter.class,
            description = "Seed of the generator; the same seed gives the same text. Default: another one each time.")
    private @Nullable Long seed;

    SamplingChoice choice() {
        return new SamplingChoice(temperature, topK, topP, minP, repeatPenalty, repeatLast, seed);
    }

    /** A seed for a request that gives none. */
    static long drawnSeed() {
        return new SecureRandom().nextInt(Integer.MAX_VALUE);
    }

    private static final class Temperature implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            return Numbers.real(text, 0, 100);
        }
    }

    private static final class TopShare implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            return Numbers.share(text);
        }
    }

    private static final class Share implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            return Numbers.real(text, 0, 1);
        }
    }

    private static final class Penalty implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            return Numbers.real(text, 0.01f, 100);
        }
    }

    private static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) Numbers.whole(text, 0, Integer.MAX_VALUE, ", and 0 takes all tokens");
        }
    }

    /** Any whole number that the generator can begin with. */
    static final class SeedConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return Numbers.whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
        }
    }

    private static final class Last implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            long last = Numbers.whole(text, -1, Integer.MAX_VALUE, "; -1 looks back at all tokens");
            return last == -1 ? Integer.MAX_VALUE : (int) last;
        }
    }
}
