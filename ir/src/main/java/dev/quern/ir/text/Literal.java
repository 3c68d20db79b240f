package dev.quern.ir.text;

import dev.quern.ir.Grid.Extent;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Value;
import java.util.List;

/** What can stand on the right of an attribute. */
public sealed interface Literal {

    /** {@code 42}. */
    record Whole(long value) implements Literal {}

    /** {@code 1.0e-5}. */
    record Real(float value) implements Literal {}

    /** {@code "text"}. */
    record Text(String value) implements Literal {}

    /** {@code true} or {@code false}. */
    record Flag(boolean value) implements Literal {}

    /** {@code halves}: a constant of an enumeration. */
    record Word(String value) implements Literal {}

    /** {@code %h} or {@code @blk.0.attn_norm}: an operand that not every operation of the kind has. */
    record Operand(Value value) implements Literal {}

    /** {@code ?seq * 4 /^ 8}: a number of workgroups, the quotient rounded up. */
    record Size(Extent extent) implements Literal {}

    /** {@code (silu(#0) * #1)}: a function of single elements. */
    record Expression(Pointwise expression) implements Literal {}

    /** {@code [1, 2, 3]}; a list holds no lists. */
    record Items(List<Literal> items) implements Literal {
        public Items {
            items = List.copyOf(items);
        }
    }
}
