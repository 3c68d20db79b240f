package dev.quern.runtime;

/**
 * What a generation cost. Rates are 0 where too little was done to tell.
 *
 * @param promptTokens tokens of the prompt
 * @param reusedTokens those of them that lay in the states already
 * @param generatedTokens tokens chosen, the one that ends the text included
 * @param totalSeconds from the beginning until the last token is known; until the end where none came
 * @param timeToFirstTokenSeconds from the beginning until the first token is known
 * @param prefillTokensPerSecond tokens of the prompt that were read, over the time to the first token
 * @param decodeTokensPerSecond tokens after the first, over the time that they took
 * @param dispatchesPerToken dispatches for one token
 * @param bytesPerToken bytes of weights and of filled states that are read for one token, at the average position
 * @param arenaBytes size of the arena
 * @param arenaLowerBoundBytes the least size that any plan needs
 */
public record Statistics(
        int promptTokens,
        int reusedTokens,
        int generatedTokens,
        double totalSeconds,
        double timeToFirstTokenSeconds,
        double prefillTokensPerSecond,
        double decodeTokensPerSecond,
        int dispatchesPerToken,
        long bytesPerToken,
        long arenaBytes,
        long arenaLowerBoundBytes) {

    /**
     * The figures of a generation.
     *
     * @param toFirst nanoseconds until the first token was known; so far, where there is none
     * @param after nanoseconds from then until the last was
     */
    static Statistics of(Session session, int promptTokens, int reusedTokens, int generated, long toFirst, long after) {
        double first = generated == 0 ? 0 : toFirst / 1e9;
        double positions = promptTokens + generated / 2.0;
        var memory = session.executor().plan().memory();
        return new Statistics(
                promptTokens,
                reusedTokens,
                generated,
                (toFirst + after) / 1e9,
                first,
                first > 0 ? (promptTokens - reusedTokens) / first : 0,
                after > 0 ? (generated - 1) / (after / 1e9) : 0,
                session.costs().dispatchesPerToken(),
                session.costs().bytesPerToken(positions),
                memory.arenaBytes(),
                memory.lowerBoundBytes());
    }
}
