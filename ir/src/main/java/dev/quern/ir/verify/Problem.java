package dev.quern.ir.verify;

/**
 * Something that is wrong with a module.
 *
 * @param place where
 * @param where the same for people: {@code @step, %y}
 * @param printed the text of the line that is wrong
 * @param sentence what is wrong, with both sides
 */
public record Problem(Place place, String where, String printed, String sentence) {
    @Override
    public String toString() {
        return where + ": " + sentence + "\n    " + printed;
    }
}
