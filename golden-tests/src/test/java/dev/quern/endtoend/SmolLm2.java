package dev.quern.endtoend;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.ModelStore;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** SmolLM2-135M-Instruct, as it can be pulled by its name, and what is on record of it. */
final class SmolLm2 {
    private SmolLm2() {}

    /**
     * A prompt and what follows.
     *
     * @param prompt the text
     * @param parseSpecial whether control tokens in the text are such
     * @param promptTokens the text's tokens
     * @param greedy the likeliest tokens behind them, one after the other
     * @param gaps at each of these tokens, how far its logit lies above the second largest
     */
    record Continuation(
            String prompt, boolean parseSpecial, List<Integer> promptTokens, List<Integer> greedy, List<Double> gaps) {

        /** Prompt and continuation together. */
        int[] all() {
            return Stream.concat(promptTokens.stream(), greedy.stream())
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        /** The prompt alone. */
        int[] promptArray() {
            return promptTokens.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /**
     * The model's file, fetched if need be; the running test is skipped where that fails, and fails in continuous
     * integration.
     */
    static Path require() {
        Terminal terminal = Terminal.ofProcess(System.out, System.err, System.getProperties(), System.getenv());
        try {
            return new ModelStore(CacheFolder.of(System.getenv()), terminal, System.getenv())
                    .pull("smollm2-135m", Optional.empty());
        } catch (StoreException e) {
            String message = "SmolLM2 could not be fetched: " + e.getMessage();
            if (System.getenv("CI") != null) {
                return Assertions.fail(message);
            }
            return Assumptions.abort(message);
        }
    }

    /** The continuations on record; the running test is skipped where the record is missing. */
    static List<Continuation> continuations() throws IOException {
        String text = Files.readString(SharedModels.require("reference.json"));
        try {
            return JsonParser.object().from(text).getArray("smollm2-135m").stream()
                    .map(entry -> continuation((JsonObject) entry))
                    .toList();
        } catch (JsonParserException e) {
            return Assertions.fail("reference.json is no JSON: " + e.getMessage());
        }
    }

    private static Continuation continuation(JsonObject entry) {
        return new Continuation(
                entry.getString("prompt"),
                entry.getBoolean("parse_special"),
                tokens(entry.getArray("prompt_tokens")),
                tokens(entry.getArray("greedy")),
                entry.getArray("top2_gap").stream()
                        .map(gap -> ((Number) gap).doubleValue())
                        .toList());
    }

    private static List<Integer> tokens(JsonArray list) {
        return list.stream().map(token -> ((Number) token).intValue()).toList();
    }
}
