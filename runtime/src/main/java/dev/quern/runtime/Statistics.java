package dev.quern.runtime;

/**
 * What a generation cost. Rates are 0 where too little was done to tell.
 *
 * @param promptTokens tokens of the prompt
 * @param reusedTokens those of them that lay in the states already
 * @param generatedTokens tokens chosen, the one that ends the text included
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
        double timeToFirstTokenSeconds,
        double prefillTokensPerSecond,
        double decodeTokensPerSecond,
        int dispatchesPerToken,
        long bytesPerToken,
        long arenaBytes,
        long arenaLowerBoundBytes) {}
