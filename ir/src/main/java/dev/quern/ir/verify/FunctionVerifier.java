package dev.quern.ir.verify;

import dev.quern.ir.Binding;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Stage;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Type;
import dev.quern.ir.TypeException;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Count;
import dev.quern.ir.text.Writer;
import dev.quern.ir.verify.Verifier.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Walks one function in order, with what is defined and what is used up so far. */
final class FunctionVerifier {
    private final Module module;
    private final int functionIndex;
    private final Function function;
    private final RingRule rings;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Value> defined = new HashMap<>();
    /** Values whose memory was taken over, each with the value that took it. */
    private final Map<Value, String> superseded = new HashMap<>();

    FunctionVerifier(Module module, int functionIndex) {
        this.module = module;
        this.functionIndex = functionIndex;
        this.function = module.functions().get(functionIndex);
        this.rings = new RingRule(module.positions());
    }

    List<Problem> problems() {
        for (Value parameter : function.parameters()) {
            String printed = Writer.value(parameter) + ": " + Writer.type(parameter.type());
            define(new Place.OfFunction(functionIndex), printed, parameter);
        }
        for (int index = 0; index < function.body().size(); index++) {
            statement(
                    new Place.OfStatement(functionIndex, index), function.body().get(index));
        }
        Place end = new Place.OfReturn(functionIndex);
        String printed = "return "
                + String.join(
                        ", ", function.results().stream().map(Writer::value).toList());
        for (Value result : function.results()) {
            use(end, printed, result);
        }
        return problems;
    }

    private void statement(Place place, Statement statement) {
        String printed = Writer.statement(statement);
        int before = problems.size();
        Set<Value> operands = new LinkedHashSet<>(statement.op().operands());
        operands.forEach(operand -> use(place, printed, operand));
        stage(place, printed, statement.op());
        if (problems.size() == before && operands.stream().allMatch(operand -> wellFormed(operand.type()))) {
            types(place, printed, statement);
            // Only of values that are what they must be can be asked how many rows they have.
            if (problems.size() == before) {
                for (RingRule.Broken broken : rings.problems(statement.op())) {
                    report(Rule.RING_HOLDS_WINDOW, place, broken.state(), printed, broken.sentence());
                }
            }
        }
        switch (statement.op()) {
            case TensorOp.StateWrite write -> supersede(place, printed, write.state(), statement, 0);
            case TensorOp.PlaceHeads write -> {
                supersede(place, printed, write.keys(), statement, 1);
                supersede(place, printed, write.values(), statement, 2);
            }
            case TensorOp ignored -> {}
            case Dispatch dispatch -> dispatch(place, printed, dispatch, statement);
        }
        statement.results().forEach(result -> define(place, printed, result));
    }

    private void define(Place place, String printed, Value value) {
        if (value.kind() != Value.Kind.LOCAL) {
            report(
                    Rule.DEFINES_LOCALS,
                    place,
                    value,
                    printed,
                    value + " is a weight; a function defines only %values.");
            return;
        }
        for (WellFormed.Broken broken : WellFormed.problems(value.type(), module.symbols())) {
            report(broken.rule(), place, value, printed, broken.sentence());
        }
        if (defined.putIfAbsent(value.name(), value) != null) {
            report(Rule.DEFINED_ONCE, place, value, printed, value + " is defined twice.");
        }
    }

    private void use(Place place, String printed, Value value) {
        switch (value.kind()) {
            case LOCAL -> {
                Value definition = defined.get(value.name());
                if (definition == null) {
                    report(Rule.DEFINED_BEFORE_USE, place, value, printed, value + " is used before it is defined.");
                } else {
                    sameType(place, printed, value, definition.type());
                }
            }
            case WEIGHT -> {
                Optional<Weight> weight = module.weight(value.name());
                if (weight.isEmpty()) {
                    report(Rule.WEIGHT_DECLARED, place, value, printed, value + " is not a declared weight.");
                } else {
                    sameType(place, printed, value, weight.get().type());
                }
            }
        }
        String by = superseded.get(value);
        if (by != null) {
            report(Rule.USED_UP, place, value, printed, value + " is used after " + by + " has overwritten it.");
        }
    }

    private void sameType(Place place, String printed, Value value, Type declared) {
        if (!value.type().equals(declared)) {
            report(
                    Rule.ONE_TYPE,
                    place,
                    value,
                    printed,
                    value + " is used as " + Writer.type(value.type()) + " but defined as " + Writer.type(declared)
                            + ".");
        }
    }

    private void stage(Place place, String printed, Op op) {
        boolean fits = switch (op) {
            case TensorOp ignored -> module.stage() == Stage.TENSOR;
            case Dispatch ignored -> module.stage() != Stage.TENSOR;
        };
        if (!fits) {
            problems.add(new Problem(
                    module.stage() == Stage.TENSOR ? Rule.TENSOR_STAGE : Rule.DISPATCH_STAGE,
                    place,
                    "@" + function.name(),
                    printed,
                    switch (op) {
                        case TensorOp ignored ->
                            "At the " + module.stage().text()
                                    + " stage every operation must name its kernel; this one has not been lowered.";
                        case Dispatch ignored -> "At the tensor stage no operation names a kernel; this one does.";
                    }));
        }
    }

    private void types(Place place, String printed, Statement statement) {
        List<Type> inferred;
        try {
            inferred = statement.op().infer();
        } catch (TypeException e) {
            String sentence = sentence(String.valueOf(e.getMessage()));
            problems.add(new Problem(
                    Rule.OPERANDS,
                    Optional.of(e.rule()),
                    place,
                    Optional.empty(),
                    where(statement),
                    printed,
                    sentence));
            return;
        }
        List<Type> written = statement.results().stream().map(Value::type).toList();
        if (written.isEmpty()) {
            problems.add(new Problem(
                    Rule.DEFINES_SOMETHING,
                    place,
                    where(statement),
                    printed,
                    "A statement must define at least one value."));
            return;
        }
        if (written.size() != inferred.size()) {
            problems.add(new Problem(
                    Rule.RESULT_COUNT,
                    place,
                    where(statement),
                    printed,
                    "The operation has " + Count.of(inferred.size(), "result") + ", but the statement defines "
                            + Count.of(written.size(), "value") + "."));
            return;
        }
        for (int index = 0; index < written.size(); index++) {
            if (!written.get(index).equals(inferred.get(index))) {
                Value result = statement.results().get(index);
                report(
                        Rule.RESULT_TYPE,
                        place,
                        result,
                        printed,
                        result + " is " + Writer.type(written.get(index)) + ", but the operation gives "
                                + Writer.type(inferred.get(index)) + operands(statement.op()) + ".");
            }
        }
    }

    /** The operands with their types, where there are any. */
    private static String operands(Op op) {
        List<String> operands = new ArrayList<>();
        op.operands().forEach(operand -> operands.add(Writer.value(operand) + ": " + Writer.type(operand.type())));
        return operands.isEmpty() ? "" : " for " + String.join(", ", operands);
    }

    private void dispatch(Place place, String printed, Dispatch dispatch, Statement statement) {
        if (statement.results().isEmpty()) {
            return;
        }
        for (DispatchRules.Broken broken : DispatchRules.problems(statement, dispatch, module.symbols())) {
            report(broken.rule(), place, broken.about(), printed, broken.sentence());
        }
        for (Binding binding : dispatch.bindings()) {
            if (binding instanceof Binding.InPlace inPlace) {
                supersede(place, printed, inPlace.value(), statement, inPlace.number());
            }
        }
    }

    /** The rules of types ask for extents and sizes, which only such types have. */
    private boolean wellFormed(Type type) {
        return WellFormed.problems(type, module.symbols()).isEmpty();
    }

    private void supersede(Place place, String printed, Value value, Statement statement, int result) {
        String by = result < statement.results().size()
                ? statement.results().get(result).toString()
                : "a statement without results";
        String before = superseded.putIfAbsent(value, by);
        if (before != null
                && statement.results().stream().anyMatch(r -> r.toString().equals(before))) {
            report(Rule.OVERWRITTEN_ONCE, place, value, printed, value + " is overwritten twice by one operation.");
        }
    }

    private String where(Statement statement) {
        if (statement.results().isEmpty()) {
            return "@" + function.name();
        }
        Value result = statement.results().getFirst();
        return "@" + function.name() + ", " + result;
    }

    private void report(Rule rule, Place place, Value value, String printed, String sentence) {
        problems.add(new Problem(
                rule,
                Optional.empty(),
                place,
                Optional.of(value),
                "@" + function.name() + ", " + value,
                printed,
                sentence(sentence)));
    }

    /** The rules of types speak in sentences that start with a value or a small letter; here they stand alone. */
    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
