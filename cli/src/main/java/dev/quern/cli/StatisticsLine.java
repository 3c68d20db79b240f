package dev.quern.cli;

import dev.quern.cli.terminal.Sizes;
import dev.quern.runtime.Statistics;
import dev.quern.text.Sampling;
import java.util.LinkedHashMap;
import java.util.Map;

/** Statistics of a generation, for people and for programs. */
final class StatisticsLine {
    /** A prompt of so many tokens takes a part of the time that is worth telling. */
    private static final int LONG_PROMPT = 64;

    private StatisticsLine() {}

    /** What people want to know: {@code 12 tokens in 1.3 s, 9.2 tok/s}. */
    static String of(Statistics statistics, Sampling sampling) {
        int generated = statistics.generatedTokens();
        double seconds = statistics.totalSeconds();
        StringBuilder line = new StringBuilder(tokens(generated)).append(" in ").append(Sizes.seconds(seconds));
        if (generated > 1 && seconds > 0) {
            line.append(", ").append(rate(generated / seconds));
        }
        int read = statistics.promptTokens() - statistics.reusedTokens();
        if (read >= LONG_PROMPT && generated > 0) {
            line.append(", the first after ").append(Sizes.seconds(statistics.timeToFirstTokenSeconds()));
            line.append(" for ").append(read).append(" tokens of the prompt");
        }
        return line.append(seed(sampling)).toString();
    }

    /** All of it, for those who look into the machine. */
    static String verbose(Statistics statistics, Sampling sampling) {
        StringBuilder line = new StringBuilder("prompt: ").append(tokens(statistics.promptTokens()));
        if (statistics.reusedTokens() > 0) {
            line.append(", ").append(statistics.reusedTokens()).append(" of them kept from before");
        }
        if (statistics.prefillTokensPerSecond() > 0) {
            line.append(", ").append(rate(statistics.prefillTokensPerSecond()));
        }
        line.append("; ").append(tokens(statistics.generatedTokens()));
        if (statistics.generatedTokens() > 0) {
            line.append(", the first after ").append(Sizes.seconds(statistics.timeToFirstTokenSeconds()));
        }
        if (statistics.decodeTokensPerSecond() > 0) {
            line.append(", then ").append(rate(statistics.decodeTokensPerSecond()));
        }
        line.append("; ").append(Sizes.seconds(statistics.totalSeconds())).append(" in all; ");
        line.append(count(statistics.dispatchesPerToken(), "dispatch", "dispatches"))
                .append(" and ");
        line.append(Sizes.bytes(statistics.bytesPerToken())).append(" per token; arena ");
        line.append(Sizes.bytes(statistics.arenaBytes()));
        line.append(
                statistics.arenaBytes() == statistics.arenaLowerBoundBytes()
                        ? ", its lower bound"
                        : ", lower bound " + Sizes.bytes(statistics.arenaLowerBoundBytes()));
        return line.append(seed(sampling)).toString();
    }

    private static String tokens(int count) {
        return count(count, "token", "tokens");
    }

    private static String count(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private static String rate(double tokensPerSecond) {
        return Sizes.decimal(tokensPerSecond) + " tok/s";
    }

    private static String seed(Sampling sampling) {
        return sampling.isGreedy() ? "" : "; seed " + sampling.seed();
    }

    static Map<String, Object> fields(Statistics statistics) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("prompt_tokens", statistics.promptTokens());
        fields.put("reused_tokens", statistics.reusedTokens());
        fields.put("generated_tokens", statistics.generatedTokens());
        fields.put("total_seconds", statistics.totalSeconds());
        fields.put("prefill_tokens_per_second", statistics.prefillTokensPerSecond());
        fields.put("decode_tokens_per_second", statistics.decodeTokensPerSecond());
        fields.put("time_to_first_token_seconds", statistics.timeToFirstTokenSeconds());
        fields.put("dispatches_per_token", statistics.dispatchesPerToken());
        fields.put("bytes_per_token", statistics.bytesPerToken());
        fields.put("arena_bytes", statistics.arenaBytes());
        fields.put("arena_lower_bound_bytes", statistics.arenaLowerBoundBytes());
        return fields;
    }

    /** How tokens were chosen. */
    static Map<String, Object> fields(Sampling sampling) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("temperature", exact(sampling.temperature()));
        fields.put("top_k", sampling.topK());
        fields.put("top_p", exact(sampling.topP()));
        fields.put("min_p", exact(sampling.minP()));
        fields.put("repeat_penalty", exact(sampling.repeatPenalty()));
        fields.put("repeat_last_n", sampling.repeatLast());
        return fields;
    }

    /** The number with the digits that a float has. */
    private static double exact(float value) {
        return Double.parseDouble(Float.toString(value));
    }
}
