package dev.quern.ir.text.read;

import dev.quern.ir.Module;
import dev.quern.ir.verify.Place;
import java.util.List;

/**
 * A module and the lines on which its parts stand, so that what is said of the module can be said at the line.
 *
 * @param module what was read
 * @param weightLines the line of each weight, from 1
 * @param functionLines the line of each function's head
 * @param statementLines the line of each statement, by function; the last entry is the line of {@code return}
 */
public record Reading(
        Module module, List<Integer> weightLines, List<Integer> functionLines, List<List<Integer>> statementLines) {
    public Reading {
        weightLines = List.copyOf(weightLines);
        functionLines = List.copyOf(functionLines);
        statementLines = statementLines.stream().map(List::copyOf).toList();
    }

    /** The line of a place in the module, from 1. */
    public int line(Place place) {
        return switch (place) {
            case Place.OfModule ignored -> 1;
            case Place.OfWeight weight -> weightLines.get(weight.index());
            case Place.OfFunction function -> functionLines.get(function.index());
            case Place.OfStatement statement ->
                statementLines.get(statement.function()).get(statement.index());
            case Place.OfReturn results ->
                statementLines.get(results.function()).getLast();
        };
    }
}
