package dev.quern.ir.verify;

import dev.quern.ir.Dim;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.text.Writer;
import dev.quern.ir.verify.Verifier.Rule;
import java.util.ArrayList;
import java.util.List;

/** The rules that a type keeps by itself. */
final class WellFormed {
    private WellFormed() {}

    /** A rule that a type breaks, in a sentence. */
    record Broken(Rule rule, String sentence) {}

    /** A sentence for each broken rule. */
    static List<Broken> problems(Type type, List<Dim.Symbol> symbols) {
        return switch (type) {
            case StateType state -> problems(state.contents(), symbols);
            case TensorType tensor -> problems(tensor, symbols);
        };
    }

    private static List<Broken> problems(TensorType type, List<Dim.Symbol> symbols) {
        if (type.shape().isEmpty()) {
            return List.of(new Broken(
                    Rule.HAS_AXES, "A tensor must have at least one axis; " + Writer.type(type) + " has none."));
        }
        List<Broken> broken = new ArrayList<>();
        for (Dim dim : type.shape()) {
            if (dim instanceof Dim.Symbol symbol && !symbols.contains(symbol)) {
                broken.add(new Broken(
                        Rule.SYMBOL_DECLARED,
                        "The symbol ?" + symbol.name() + " of " + Writer.type(type) + " is not declared with the bound "
                                + symbol.max() + "."));
            }
        }
        boolean list = type.shape().size() == 1 && type.encoding().elements() == 1;
        if (type.shape().getLast() instanceof Dim.Symbol && !list) {
            broken.add(new Broken(
                    Rule.LAST_AXIS_FIXED,
                    "The last axis of a tensor must be fixed; that of " + Writer.type(type) + " is a symbol."));
        } else if (type.columns() % type.encoding().elements() != 0) {
            broken.add(new Broken(
                    Rule.WHOLE_BLOCKS,
                    "The last axis of " + Writer.type(type) + " (" + type.columns()
                            + ") is not filled by whole blocks of "
                            + type.encoding().elements() + "."));
        } else if (overflows(type)) {
            broken.add(new Broken(Rule.SIZE_FITS, "The size of " + Writer.type(type) + " does not fit in 63 bits."));
        }
        return broken;
    }

    private static boolean overflows(TensorType type) {
        try {
            return type.maxBytes() < 0;
        } catch (ArithmeticException e) {
            return true;
        }
    }
}
