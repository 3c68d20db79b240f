package dev.quern.cli;

import dev.quern.cli.terminal.Sizes;
import dev.quern.runtime.Statistics;
import dev.quern.text.Sampling;
import java.util.LinkedHashMap;
import java.util.Map;

/** Statistics of a generation, for people and for programs. */
final class StatisticsLine {
    private StatisticsLine() {}

    static String of(Statistics statistics, Sampling sampling) {
        String arena = statistics.arenaBytes() == statistics.arenaLowerBoundBytes()
                ? "arena " + Sizes.bytes(statistics.arenaBytes()) + " = lower bound"
                : "arena " + Sizes.bytes(statistics.arenaBytes()) + ", lower bound "
                        + Sizes.bytes(statistics.arenaLowerBoundBytes());
        return "prefill " + statistics.promptTokens() + " tokens, " + Sizes.decimal(statistics.prefillTokensPerSecond())
                + " tok/s, first token after " + Sizes.seconds(statistics.timeToFirstTokenSeconds())
                + "; decode " + statistics.generatedTokens() + " tokens, "
                + Sizes.decimal(statistics.decodeTokensPerSecond()) + " tok/s; "
                + statistics.dispatchesPerToken() + " dispatches and " + Sizes.bytes(statistics.bytesPerToken())
                + " per token; " + arena + (sampling.isGreedy() ? "" : "; seed " + sampling.seed());
    }

    static Map<String, Object> fields(Statistics statistics) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("prefill_tokens_per_second", statistics.prefillTokensPerSecond());
        fields.put("decode_tokens_per_second", statistics.decodeTokensPerSecond());
        fields.put("time_to_first_token_seconds", statistics.timeToFirstTokenSeconds());
        fields.put("dispatches_per_token", statistics.dispatchesPerToken());
        fields.put("bytes_per_token", statistics.bytesPerToken());
        fields.put("arena_bytes", statistics.arenaBytes());
        fields.put("arena_lower_bound_bytes", statistics.arenaLowerBoundBytes());
        return fields;
    }
}
