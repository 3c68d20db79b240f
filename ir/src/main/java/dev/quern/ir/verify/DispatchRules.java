package dev.quern.ir.verify;

import dev.quern.ir.Binding;
import dev.quern.ir.Dim;
import dev.quern.ir.Dispatch;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.ir.text.Writer;
import dev.quern.ir.verify.Verifier.Rule;
import java.util.ArrayList;
import java.util.List;

/** The rules of what a kernel binds and of how large its grid is. */
final class DispatchRules {
    private final Statement statement;
    private final Dispatch dispatch;
    private final List<Dim.Symbol> symbols;
    private final List<Broken> broken = new ArrayList<>();

    private DispatchRules(Statement statement, Dispatch dispatch, List<Dim.Symbol> symbols) {
        this.statement = statement;
        this.dispatch = dispatch;
        this.symbols = symbols;
    }

    /**
     * A rule that a dispatch breaks.
     *
     * @param about the value that it is about; of the grid, the first result
     */
    record Broken(Rule rule, Value about, String sentence) {}

    /** Every rule that a statement with results breaks. */
    static List<Broken> problems(Statement statement, Dispatch dispatch, List<Dim.Symbol> symbols) {
        DispatchRules rules = new DispatchRules(statement, dispatch, symbols);
        rules.grid();
        for (int number = 0; number < statement.results().size(); number++) {
            rules.bound(number);
        }
        for (Binding binding : dispatch.bindings()) {
            switch (binding) {
                case Binding.Reads reads -> {}
                case Binding.Writes writes -> rules.apart(statement.results().get(writes.number()));
                case Binding.InPlace inPlace -> rules.inPlace(inPlace);
            }
        }
        return rules.broken;
    }

    private void grid() {
        int axes = dispatch.grid().axes().size();
        if (axes < 1 || axes > 3) {
            broken.add(new Broken(
                    Rule.GRID_AXES,
                    statement.results().getFirst(),
                    "A grid must have one to three axes; this one has " + axes + "."));
        }
    }

    private void bound(int number) {
        Value result = statement.results().get(number);
        long times = dispatch.bindings().stream()
                .filter(binding ->
                        binding.result().filter(each -> each == number).isPresent())
                .count();
        if (times != 1) {
            broken.add(new Broken(
                    Rule.RESULT_BOUND,
                    result,
                    "A kernel must bind each result once; " + result + " is bound "
                            + (times == 0 ? "nowhere" : times + " times") + "."));
        }
    }

    private void apart(Value result) {
        if (result.type() instanceof StateType) {
            broken.add(new Broken(
                    Rule.STATE_IN_PLACE,
                    result,
                    result + " is a state, which a dispatch can give only in place of one that it takes."));
        }
    }

    private void inPlace(Binding.InPlace binding) {
        Value input = binding.value();
        Type output = statement.results().get(binding.number()).type();
        if (!dispatch.computes().operands().contains(input)) {
            broken.add(new Broken(
                    Rule.IN_PLACE_OF_OPERAND,
                    input,
                    input + " is no operand of this operation, so no result can take its place."));
        }
        if (input.kind() == Value.Kind.WEIGHT) {
            broken.add(new Broken(
                    Rule.IN_PLACE_NOT_OF_WEIGHT, input, input + " is a weight, which no operation may overwrite."));
        } else if (wellFormed(input.type()) && wellFormed(output) && !holds(input.type(), output)) {
            broken.add(new Broken(
                    Rule.IN_PLACE_HOLDS,
                    input,
                    input + " is " + Writer.type(input.type()) + "; its memory cannot hold " + Writer.type(output)
                            + "."));
        }
    }

    /** Sizes are asked for, which only such types have. */
    private boolean wellFormed(Type type) {
        return WellFormed.problems(type, symbols).isEmpty();
    }

    private static boolean holds(Type input, Type output) {
        return switch (input) {
            case StateType state -> state.equals(output);
            case TensorType tensor -> output instanceof TensorType result && result.maxBytes() <= tensor.maxBytes();
        };
    }
}
