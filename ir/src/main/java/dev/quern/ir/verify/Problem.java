package dev.quern.ir.verify;

import dev.quern.ir.TypeRule;
import dev.quern.ir.Value;
import dev.quern.ir.text.Unseen;
import java.util.Optional;

/**
 * Something that is wrong with a module.
 *
 * @param rule which rule is broken
 * @param typeRule which of the operation's rules, where it is its operands that do not fit
 * @param place where
 * @param about the value that it is about, if it is about one
 * @param where the place for people: {@code @step, %y}
 * @param printed the text of the line that is wrong
 * @param sentence what is wrong, with both sides
 */
public record Problem(
        Verifier.Rule rule,
        Optional<TypeRule> typeRule,
        Place place,
        Optional<Value> about,
        String where,
        String printed,
        String sentence) {

    Problem(Verifier.Rule rule, Place place, String where, String printed, String sentence) {
        this(rule, Optional.empty(), place, Optional.empty(), where, printed, sentence);
    }

    @Override
    public String toString() {
        return Unseen.escaped(where + ": " + sentence) + "\n    " + printed;
    }
}
