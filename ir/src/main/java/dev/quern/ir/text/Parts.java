package dev.quern.ir.text;

import dev.quern.ir.Pointwise;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An operation taken apart: {@code name %operand, … {attribute = literal, …}}, or
 * {@code name (expression) {attribute = literal, …}}.
 *
 * @param operands the values before the attributes
 * @param expression what stands there instead of values
 * @param attributes in the order in which they are written
 */
public record Parts(List<Value> operands, Optional<Pointwise> expression, List<Attribute> attributes) {
    public Parts {
        operands = List.copyOf(operands);
        attributes = List.copyOf(attributes);
    }

    /** {@code name = literal}. */
    public record Attribute(String name, Literal literal) {}

    static Parts of(Value... operands) {
        return new Parts(List.of(operands), Optional.empty(), List.of());
    }

    static Parts of(Pointwise expression) {
        return new Parts(List.of(), Optional.of(expression), List.of());
    }

    Parts and(String name, long value) {
        return and(name, new Literal.Whole(value));
    }

    Parts and(String name, float value) {
        return and(name, new Literal.Real(value));
    }

    Parts and(String name, String word) {
        return and(name, new Literal.Word(word));
    }

    /** With an operand that is written only where there is one. */
    Parts and(String name, Optional<Value> value) {
        return value.isPresent() ? and(name, new Literal.Operand(value.get())) : this;
    }

    Parts and(String name, Literal literal) {
        List<Attribute> all = new ArrayList<>(attributes);
        all.add(new Attribute(name, literal));
        return new Parts(operands, expression, all);
    }
}
