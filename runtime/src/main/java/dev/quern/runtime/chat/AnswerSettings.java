package dev.quern.runtime.chat;

import dev.quern.text.Sampling;
import java.util.List;

/**
 * How an answer is made.
 *
 * @param maxTokens it ends after so many
 * @param sampling how tokens are chosen
 * @param stops it ends where one of these texts appears
 */
public record AnswerSettings(int maxTokens, Sampling sampling, List<String> stops) {
    public AnswerSettings {
        stops = List.copyOf(stops);
    }
}
