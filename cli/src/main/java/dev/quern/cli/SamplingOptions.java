package dev.quern.cli;

import dev.quern.text.Sampling;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** How tokens are chosen: greedily, unless one of these options is given. */
final class SamplingOptions {
    private static final float USUAL_TEMPERATURE = 0.8f;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            converter = Temperature.class,
            description =
                    "0 takes the likeliest token always; more draws more freely. Default: 0, or 0.8 with another of these options.")
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
            converter = Share.class,
            description = "Draw from the likeliest tokens that together have the probability P.")
    private @Nullable Float topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            converter = Share.class,
            description = "Draw from tokens with at least P times the best one's probability.")
    private @Nullable Float minP;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the generator; the same seed gives the same text. Default: another one each time.")
    private @Nullable Long seed;

    Sampling sampling() {
        boolean given = topK != null || topP != null || minP != null || seed != null;
        float chosen = temperature != null ? temperature : given ? USUAL_TEMPERATURE : 0;
        if (chosen == 0) {
            return Sampling.GREEDY;
        }
        return new Sampling(
                chosen,
                topK == null ? 0 : topK,
                topP == null ? 1 : topP,
                minP == null ? 0 : minP,
                seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed);
    }

    private static final class Temperature implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            return Numbers.real(text, 0, 100);
        }
    }

    private static final class Share implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            return Numbers.real(text, 0, 1);
        }
    }

    private static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) Numbers.whole(text, 0, Integer.MAX_VALUE);
        }
    }
}
