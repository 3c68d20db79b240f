package dev.quern.ir.text;

import dev.quern.ir.Pointwise;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was read of one operation, handed out by position and by name; whatever is left over in the end is an error. */
final class Arguments {
    private final String operation;
    private final Parts parts;
    private final List<String> taken = new ArrayList<>();
    private int operandsTaken;

    Arguments(String operation, Parts parts) {
        this.operation = operation;
        this.parts = parts;
    }

    Value value(int index) {
        if (parts.expression().isPresent()) {
            throw new SyntaxException(operation + " takes operands, %name or @name, and no expression.");
        }
        if (index >= parts.operands().size()) {
            throw new SyntaxException(operation + " has "
                    + Count.of(parts.operands().size(), "operand") + "; operand " + (index + 1) + " is missing.");
        }
        operandsTaken = Math.max(operandsTaken, index + 1);
        return parts.operands().get(index);
    }

    /** How many operands there are, for operations that take any number. */
    int operands() {
        return parts.operands().size();
    }

    /** What stands in parentheses in place of operands. */
    Pointwise expression() {
        return parts.expression()
                .orElseThrow(() -> new SyntaxException(
                        operation + " needs an expression in parentheses, such as (%a + 0.5 * %b)."));
    }

    /** An attribute that is an expression, or what holds where it is not there. */
    Pointwise expression(String name, Pointwise otherwise) {
        Optional<Literal> literal = find(name);
        if (literal.isEmpty()) {
            return otherwise;
        }
        if (literal.get() instanceof Literal.Expression expression) {
            return expression.expression();
        }
        throw wrong(name, "an expression in parentheses, such as (%h + #0)");
    }

    /** Whether the attribute was given, which may then be asked for. */
    boolean has(String name) {
        return find(name).isPresent();
    }

    long whole(String name) {
        if (required(name) instanceof Literal.Whole whole) {
            return whole.value();
        }
        throw wrong(name, "a whole number");
    }

    /** A count, or what holds where it is not there. */
    int count(String name, int otherwise) {
        return find(name).isEmpty() ? otherwise : count(name);
    }

    int count(String name) {
        long value = whole(name);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw wrong(name, "a whole number from 0 to " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    float real(String name) {
        return switch (required(name)) {
            case Literal.Real real -> real.value();
            case Literal.Whole whole -> whole.value();
            case Literal.Text text -> throw wrong(name, "a number");
            case Literal.Flag flag -> throw wrong(name, "a number");
            case Literal.Word word -> throw wrong(name, "a number");
            case Literal.Operand operand -> throw wrong(name, "a number");
            case Literal.Size size -> throw wrong(name, "a number");
            case Literal.Expression expression -> throw wrong(name, "a number");
            case Literal.Items items -> throw wrong(name, "a number");
        };
    }

    String word(String name) {
        if (required(name) instanceof Literal.Word word) {
            return word.value();
        }
        throw wrong(name, "a word");
    }

    Optional<Value> operand(String name) {
        Optional<Literal> literal = find(name);
        if (literal.isEmpty()) {
            return Optional.empty();
        }
        if (literal.get() instanceof Literal.Operand operand) {
            return Optional.of(operand.value());
        }
        throw wrong(name, "a value, %name or @name");
    }

    SyntaxException wrong(String name, String expected) {
        String found = find(name)
                .map(literal -> ", not '" + Writer.literal(literal) + "'")
                .orElse("");
        return new SyntaxException(
                name, "attribute " + name + " of " + operation + " must be " + expected + found + ".");
    }

    /** Refuses operands and attributes that nobody asked for. */
    void finish() {
        if (operandsTaken < parts.operands().size()) {
            throw new SyntaxException(operation + " takes " + Count.of(operandsTaken, "operand") + ", not "
                    + parts.operands().size() + "; optional operands are given as attributes.");
        }
        for (Parts.Attribute attribute : parts.attributes()) {
            if (!taken.contains(attribute.name())) {
                throw new SyntaxException(
                        attribute.name(),
                        operation + " has no attribute " + attribute.name()
                                + (taken.isEmpty()
                                        ? "; it has no attributes."
                                        : Nearest.among(attribute.name(), "it has", taken) + "."));
            }
        }
    }

    private Literal required(String name) {
        return find(name).orElseThrow(() -> lacking(name));
    }

    /** An attribute that must be there and is not. */
    SyntaxException lacks(String name) {
        return lacking(name);
    }

    /** An attribute that is missing may be there under a misspelled name. */
    private SyntaxException lacking(String name) {
        List<String> others = new ArrayList<>();
        for (Parts.Attribute attribute : parts.attributes()) {
            if (!taken.contains(attribute.name())) {
                others.add(attribute.name());
            }
        }
        Optional<String> misspelled = Nearest.of(name, others);
        return misspelled.isPresent()
                ? new SyntaxException(
                        misspelled.get(),
                        operation + " has no attribute " + misspelled.get() + "; did you mean " + name + "?")
                : new SyntaxException(operation + " needs the attribute " + name + ".");
    }

    private Optional<Literal> find(String name) {
        if (!taken.contains(name)) {
            taken.add(name);
        }
        Optional<Literal> found = Optional.empty();
        for (Parts.Attribute attribute : parts.attributes()) {
            if (attribute.name().equals(name)) {
                if (found.isPresent()) {
                    throw new SyntaxException(name, "attribute " + name + " of " + operation + " is given twice.");
                }
                found = Optional.of(attribute.literal());
            }
        }
        return found;
    }
}
