package dev.quern.ir.text.read;

import dev.quern.ir.Module;
import dev.quern.ir.Value;
import dev.quern.ir.verify.Place;
import dev.quern.ir.verify.Problem;
import dev.quern.ir.verify.Verifier.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A module and the text that it comes from, so that what is said of the module can be said at the line.
 *
 * @param module what was read
 * @param tree where everything stands
 */
public record Reading(Module module, Tree tree) {
    /** What is wrong with a value where it is defined, not where it is used. */
    private static final Set<Rule> OF_DEFINITIONS = Set.of(
            Rule.DEFINES_LOCALS,
            Rule.DEFINED_ONCE,
            Rule.RESULT_TYPE,
            Rule.HAS_AXES,
            Rule.SYMBOL_DECLARED,
            Rule.LAST_AXIS_FIXED,
            Rule.WHOLE_BLOCKS,
            Rule.SIZE_FITS);

    /** The line of a place in the module, from 1. */
    public int line(Place place) {
        return at(place).line();
    }

    /** Where a place in the module begins. */
    public At at(Place place) {
        return switch (place) {
            case Place.OfSymbol symbol ->
                declarations(Tree.Declaration.Symbol.class).get(symbol.index()).at();
            case Place.OfWeight weight ->
                declarations(Tree.Declaration.Weight.class).get(weight.index()).at();
            case Place.OfFunction function ->
                tree.functions().get(function.index()).at();
            case Place.OfStatement statement -> statement(statement).at();
            case Place.OfReturn results ->
                tree.functions().get(results.function()).resultsAt();
        };
    }

    /** Where a problem is: the value that it is about, or what it stands in. */
    public At at(Problem problem) {
        List<Tree.Name> names = problem.about().isEmpty() ? List.of() : names(problem);
        for (Tree.Name name : names) {
            Value value = problem.about().orElseThrow();
            boolean weight = name.kind() == Tree.Kind.GLOBAL;
            if (name.text().equals(value.name()) && weight == (value.kind() == Value.Kind.WEIGHT)) {
                return name.at();
            }
        }
        return at(problem.place());
    }

    /** The names in which the value is looked for, the likeliest first. */
    private List<Tree.Name> names(Problem problem) {
        return switch (problem.place()) {
            case Place.OfSymbol symbol -> List.of();
            case Place.OfWeight weight -> List.of();
            case Place.OfFunction function ->
                // A second definition stands behind the first.
                tree.functions().get(function.index()).parameters().reversed().stream()
                        .map(Tree.Parameter::name)
                        .toList();
            case Place.OfStatement place -> {
                Tree.Statement statement = statement(place);
                List<Tree.Name> defined = statement.results().reversed();
                List<Tree.Name> names = new ArrayList<>(OF_DEFINITIONS.contains(problem.rule()) ? defined : List.of());
                statement.callee().ifPresent(names::add);
                statement.arguments().forEach(argument -> names.add(argument.name()));
                statement.attributes().forEach(attribute -> {
                    if (attribute.literal() instanceof Tree.Name name) {
                        names.add(name);
                    }
                });
                statement.kernel().ifPresent(kernel -> kernel.bindings().forEach(bound -> names.add(bound.value())));
                yield names;
            }
            case Place.OfReturn results ->
                tree.functions().get(results.function()).results();
        };
    }

    private Tree.Statement statement(Place.OfStatement place) {
        return tree.functions().get(place.function()).body().get(place.index());
    }

    private <T extends Tree.Declaration> List<T> declarations(Class<T> kind) {
        return tree.declarations().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
