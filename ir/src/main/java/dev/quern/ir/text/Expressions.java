package dev.quern.ir.text;

import dev.quern.ir.Pointwise;
import dev.quern.ir.Pointwise.Operator.Spelling;
import java.util.function.Function;

/**
 * Prints expressions as the reader reads them: operators between their operands, with as few parentheses as give the
 * same tree back. Sums and products of floats are not associative, so those of equal rank are read from the left.
 */
public final class Expressions {
    private final Function<Pointwise.Leaf, String> leaves;
    private final Function<Pointwise.Function, String> functions;

    private Expressions(Function<Pointwise.Leaf, String> leaves, Function<Pointwise.Function, String> functions) {
        this.leaves = leaves;
        this.functions = functions;
    }

    /** {@code (silu(#0) * #1)}: the whole always stands in parentheses. */
    public static String print(Pointwise expression) {
        return "(" + print(expression, Expressions::leaf, Pointwise.Function::text) + ")";
    }

    /**
     * Prints an expression in another language with these operators.
     *
     * @param leaf what stands for a leaf
     * @param function what a function is called
     */
    public static String print(
            Pointwise expression,
            Function<Pointwise.Leaf, String> leaf,
            Function<Pointwise.Function, String> function) {
        return new Expressions(leaf, function).print(expression, Spelling.SUM, false);
    }

    private static String leaf(Pointwise.Leaf leaf) {
        return switch (leaf) {
            case Pointwise.Part part -> "#" + part.index();
            case Pointwise.Element element -> Writer.value(element.value());
            case Pointwise.PerColumn vector -> Writer.value(vector.value());
            case Pointwise.Constant constant -> Writer.real(constant.value());
        };
    }

    /**
     * An operand.
     *
     * @param around the operator that it is an operand of
     * @param right whether it is the right one
     */
    private String print(Pointwise expression, Spelling around, boolean right) {
        return switch (expression) {
            case Pointwise.Leaf leaf -> leaves.apply(leaf);
            case Pointwise.Unary unary -> functions.apply(unary.function()) + "(" + alone(unary.of()) + ")";
            case Pointwise.Binary binary -> {
                Spelling spelling = binary.operator().spelling();
                yield switch (spelling) {
                    case CALL ->
                        binary.operator().text() + "(" + alone(binary.left()) + ", " + alone(binary.right()) + ")";
                    case SUM, PRODUCT -> {
                        String infix = print(binary.left(), spelling, false) + " "
                                + binary.operator().text() + " " + print(binary.right(), spelling, true);
                        int binds = spelling.compareTo(around);
                        yield binds < 0 || (right && binds == 0) ? "(" + infix + ")" : infix;
                    }
                };
            }
        };
    }

    private String alone(Pointwise expression) {
        return print(expression, Spelling.SUM, false);
    }
}
