package dev.quern.runtime;

import dev.quern.text.Sampling;
import java.util.Arrays;
import java.util.List;

/**
 * What to generate.
 *
 * @param prompt tokens to continue, at least one
 * @param maxTokens generate at most so many
 * @param sampling how tokens are chosen
 * @param stops generation ends where one of these strings appears; it is not part of the text
 */
public record GenerationRequest(List<Integer> prompt, int maxTokens, Sampling sampling, List<String> stops) {
    public GenerationRequest {
        prompt = List.copyOf(prompt);
        stops = List.copyOf(stops);
        if (maxTokens < 1) {
            throw new IllegalArgumentException("At least one token must be generated, not " + maxTokens + ".");
        }
    }

    /** The likeliest continuation. */
    public static GenerationRequest greedy(int[] prompt, int maxTokens) {
        return of(prompt, maxTokens, Sampling.GREEDY, List.of());
    }

    /** The same with the prompt as an array. */
    public static GenerationRequest of(int[] prompt, int maxTokens, Sampling sampling, List<String> stops) {
        return new GenerationRequest(Arrays.stream(prompt).boxed().toList(), maxTokens, sampling, stops);
    }
}
