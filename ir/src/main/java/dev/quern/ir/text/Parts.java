package dev.quern.ir.text;

import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An operation taken apart: {@code name %operand, … {attribute = literal, …}}.
 *
 * @param operands the values before the attributes
 * @param attributes in the order in which they are written
 */
public record Parts(List<Value> operands, List<Attribute> attributes) {
    public Parts {
        operands = List.copyOf(operands);
        attributes = List.copyOf(attributes);
    }

    /** {@code name = literal}. */
    public record Attribute(String name, Literal literal) {}

    static Parts of(Value... operands) {
        return new Parts(List.of(operands), List.of());
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

    /** With a flag that is written only where it is set. */
    Parts and(String name, boolean value) {
        return value ? and(name, new Literal.Flag(true)) : this;
    }

    /** With an operand that is written only where there is one. */
    Parts and(String name, Optional<Value> value) {
        return value.isPresent() ? and(name, new Literal.Operand(value.get())) : this;
    }

    Parts and(String name, Literal literal) {
        List<Attribute> all = new ArrayList<>(attributes);
        all.add(new Attribute(name, literal));
        return new Parts(operands, all);
    }
}
