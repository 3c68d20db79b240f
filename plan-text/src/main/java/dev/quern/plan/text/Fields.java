package dev.quern.plan.text;

import dev.quern.ir.text.Nearest;
import dev.quern.ir.text.read.At;
import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.text.read.Source;
import dev.quern.ir.text.read.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The attributes of a declaration or step, handed out by name; whatever is left over in the end is an error. */
final class Fields {
    private final Source source;
    private final At at;
    private final String what;
    private final List<Tree.Attribute> attributes;
    private final List<String> taken = new ArrayList<>();

    /**
     * The attributes of something.
     *
     * @param at where it begins
     * @param what what people call it: {@code a kernel}
     */
    Fields(Source source, At at, String what, List<Tree.Attribute> attributes) {
        this.source = source;
        this.at = at;
        this.what = what;
        this.attributes = attributes;
        Set<String> seen = new HashSet<>();
        for (Tree.Attribute attribute : attributes) {
            if (!seen.add(attribute.name().text())) {
                throw source.error(
                        attribute.at(), "attribute " + attribute.name().text() + " of " + what + " stands twice");
            }
        }
    }

    /** Whether the attribute stands there. */
    boolean has(String name) {
        return find(name).isPresent();
    }

    long whole(String name) {
        Tree.Literal literal = required(name);
        if (literal instanceof Tree.Literal.Whole whole) {
            return whole.value();
        }
        throw wrong(name, literal, "a whole number");
    }

    int count(String name) {
        long value = whole(name);
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw wrong(name, required(name), "at most " + Integer.MAX_VALUE + ", not " + value);
        }
        return (int) value;
    }

    String text(String name) {
        Tree.Literal literal = required(name);
        if (literal instanceof Tree.Literal.Text text && text.range().isEmpty()) {
            return text.value();
        }
        throw wrong(name, literal, "\"text\"");
    }

    /** The one of some constants that goes by what stands there, as a word or in quotation marks. */
    <T> T oneOf(String name, T[] constants, Function<T, String> text) {
        return oneOf(name, required(name), constants, text);
    }

    /** A list of such constants, none where the attribute is absent. */
    <T> List<T> listOf(String name, T[] constants, Function<T, String> text) {
        List<T> items = new ArrayList<>();
        for (Tree.Literal item : find(name).map(literal -> items(name, literal)).orElse(List.of())) {
            items.add(oneOf(name, item, constants, text));
        }
        return items;
    }

    /** The items of a list that must be there. */
    List<Tree.Literal> items(String name) {
        return items(name, required(name));
    }

    /** Where the attribute stands, or what it belongs to. */
    At at(String name) {
        return find(name).map(Tree.Literal::at).orElse(at);
    }

    ReadException wrong(String name, Tree.Literal literal, String expected) {
        return source.error(literal.at(), "attribute " + name + " of " + what + " must be " + expected);
    }

    /** Refuses attributes that nobody asked for. */
    void finish() {
        for (Tree.Attribute attribute : attributes) {
            if (!taken.contains(attribute.name().text())) {
                throw source.error(
                        attribute.at(),
                        what + " has no attribute " + attribute.name().text()
                                + Nearest.among(attribute.name().text(), "it has", taken));
            }
        }
    }

    private List<Tree.Literal> items(String name, Tree.Literal literal) {
        if (literal instanceof Tree.Literal.Items list) {
            return list.items();
        }
        throw wrong(name, literal, "a list, [a, b]");
    }

    private <T> T oneOf(String name, Tree.Literal literal, T[] constants, Function<T, String> text) {
        String found = "";
        if (literal instanceof Tree.Word word) {
            found = word.text();
        } else if (literal instanceof Tree.Literal.Text quoted && quoted.range().isEmpty()) {
            found = quoted.value();
        }
        List<String> names = new ArrayList<>();
        for (T constant : constants) {
            if (text.apply(constant).equals(found)) {
                return constant;
            }
            names.add(text.apply(constant));
        }
        throw found.isEmpty()
                ? wrong(name, literal, "one of " + String.join(", ", names))
                : source.error(
                        literal.at(),
                        "attribute " + name + " of " + what + " knows no '" + found + "'"
                                + Nearest.among(found, names));
    }

    private Tree.Literal required(String name) {
        return find(name).orElseThrow(() -> lacking(name));
    }

    /** An attribute that is missing may be there under a misspelled name. */
    private ReadException lacking(String name) {
        List<String> others = attributes.stream()
                .map(attribute -> attribute.name().text())
                .filter(other -> !taken.contains(other))
                .toList();
        Optional<String> misspelled = Nearest.of(name, others);
        for (Tree.Attribute attribute : attributes) {
            if (misspelled.equals(Optional.of(attribute.name().text()))) {
                return source.error(
                        attribute.at(),
                        what + " has no attribute " + misspelled.get() + "; did you mean " + name + "?");
            }
        }
        return source.error(at, what + " lacks its attribute " + name);
    }

    private Optional<Tree.Literal> find(String name) {
        if (!taken.contains(name)) {
            taken.add(name);
        }
        return attributes.stream()
                .filter(attribute -> attribute.name().text().equals(name))
                .findFirst()
                .map(Tree.Attribute::literal);
    }
}
