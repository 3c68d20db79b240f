package dev.quern.runtime.chat;

import dev.quern.runtime.Statistics;
import dev.quern.runtime.StopReason;

/**
 * What came of asking.
 *
 * @param text the answer
 * @param reason why it ended
 * @param statistics what it cost: how much of the prompt was read anew, among others
 * @param leftOut how many messages were left out of the prompt for the first time, since the context was full
 * @param kept whether the answer, and what it answers, stand in the conversation; not where it was interrupted before
 *     its first character
 */
public record Answer(String text, StopReason reason, Statistics statistics, int leftOut, boolean kept) {}
