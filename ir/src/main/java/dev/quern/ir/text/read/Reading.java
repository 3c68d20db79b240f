package dev.quern.ir.text.read;

import dev.quern.ir.Module;
import dev.quern.ir.verify.Place;
import java.util.List;

/**
 * A module and the lines on which its parts stand, so that what is said of the module can be said at the line.
 *
 * @param module what was read
 * @param symbolLines the line of each symbol, from 1
 * @param weightLines the line of each weight
 * @param functionLines the line of each function's head
 * @param statementLines the line of each statement, by function; the last entry is the line of {@code return}
 */
public record Reading(
        Module module,
        List<Integer> symbolLines,
        List<Integer> weightLines,
        List<Integer> functionLines,
        List<List<Integer>> statementLines) {
    public Reading {
        symbolLines = List.copyOf(symbolLines);
        weightLines = List.copyOf(weightLines);
        functionLines = List.copyOf(functionLines);
        statementLines = statementLines.stream().map(List::copyOf).toList();
    }

    /** The line of a place in the module, from 1. */
    public int line(Place place) {
        return switch (place) {
            case Place.OfSymbol symbol -> symbolLines.get(symbol.index());
            case Place.OfWeight weight -> weightLines.get(weight.index());
            case Place.OfFunction function -> functionLines.get(function.index());
            case Place.OfStatement statement ->
                statementLines.get(statement.function()).get(statement.index());
            case Place.OfReturn results ->
                statementLines.get(results.function()).getLast();
        };
    }
}
