package dev.quern.ir.text.read;

import dev.quern.ir.Binding;
import dev.quern.ir.Dim;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Grid;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.KernelInstance.Parameter;
import dev.quern.ir.Op;
import dev.quern.ir.Pointwise;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.ir.text.Literal;
import dev.quern.ir.text.Names;
import dev.quern.ir.text.Parts;
import dev.quern.ir.text.Syntax;
import dev.quern.ir.text.SyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a statement computes and, at the stage {@code dispatch}, by which kernel. */
final class OperationReader {
    private final Source source;
    private final TypeReader types;
    private final Map<String, Value> weights;

    /**
     * A reader for one module.
     *
     * @param weights the weights that operations may name, which may become more
     */
    OperationReader(Source source, TypeReader types, Map<String, Value> weights) {
        this.source = source;
        this.types = types;
        this.weights = weights;
    }

    /**
     * The operation of a statement.
     *
     * @param results what the statement defines
     * @param locals the values that it may name
     */
    Op operation(Tree.Statement statement, List<Value> results, Map<String, Value> locals) {
        refusePlan(statement);
        TensorOp mathematics = mathematics(statement, locals);
        return statement.kernel().isEmpty()
                ? mathematics
                : dispatch(mathematics, statement.kernel().get(), results, locals);
    }

    private TensorOp mathematics(Tree.Statement statement, Map<String, Value> locals) {
        List<Value> values = new ArrayList<>();
        statement.callee().ifPresent(only -> values.add(value(only, locals)));
        statement.arguments().forEach(argument -> values.add(value(argument.name(), locals)));
        List<Parts.Attribute> attributes = new ArrayList<>();
        for (Tree.Attribute attribute : statement.attributes()) {
            attributes.add(new Parts.Attribute(attribute.name().text(), literal(attribute.literal(), locals)));
        }
        try {
            Optional<Pointwise> expression = statement.expression().map(tree -> expression(tree, locals));
            return Syntax.make(statement.operation().text(), new Parts(values, expression, attributes));
        } catch (SyntaxException e) {
            At at = statement.attributes().stream()
                    .filter(attribute -> attribute.name().text().equals(e.attribute()))
                    .map(Tree.Attribute::at)
                    .reduce(statement.operation().at(), (first, last) -> last);
            throw source.error(at, String.valueOf(e.getMessage()));
        }
    }

    private Dispatch dispatch(TensorOp computes, Tree.Kernel kernel, List<Value> results, Map<String, Value> locals) {
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (Tree.Attribute attribute : kernel.parameters()) {
            Parameter parameter = switch (attribute.literal()) {
                case Tree.Literal.Whole whole -> new Parameter.Whole(whole.value());
                case Tree.Word word -> new Parameter.Word(word.text());
                default ->
                    throw source.error(attribute.literal().at(), "a parameter of a kernel is a whole number or a word");
            };
            if (parameters.putIfAbsent(attribute.name().text(), parameter) != null) {
                throw source.error(
                        attribute.at(), "the parameter " + attribute.name().text() + " of the kernel is given twice");
            }
        }
        List<Binding> bindings = new ArrayList<>();
        for (Tree.Bound bound : kernel.bindings()) {
            bindings.add(binding(bound, results, locals));
        }
        List<Extent> axes = new ArrayList<>();
        for (Tree.Literal axis : kernel.axes()) {
            axes.add(axis(axis));
        }
        return new Dispatch(
                computes, new KernelInstance(kernel.family(), parameters), bindings, new Grid(axes), List.of());
    }

    /** A name that the statement defines is written; any other is read. */
    private Binding binding(Tree.Bound bound, List<Value> results, Map<String, Value> locals) {
        if (bound.result().isPresent()) {
            Tree.Name name = bound.result().get();
            int number = number(name, results);
            if (number < 0) {
                throw source.error(name.at(), "%" + Names.print(name.text()) + " is no result of this statement");
            }
            return new Binding.InPlace(value(bound.value(), locals), number);
        }
        int number = number(bound.value(), results);
        return number < 0 ? new Binding.Reads(value(bound.value(), locals)) : new Binding.Writes(number);
    }

    private static int number(Tree.Name name, List<Value> results) {
        if (name.kind() == Tree.Kind.VALUE) {
            for (int number = 0; number < results.size(); number++) {
                if (results.get(number).name().equals(name.text())) {
                    return number;
                }
            }
        }
        return -1;
    }

    private Extent axis(Tree.Literal literal) {
        return switch (literal) {
            case Tree.Literal.Size size -> size(size);
            case Tree.Literal.Whole whole -> Extent.fixed(positive(Optional.of(whole), "a number of workgroups"));
            default ->
                throw source.error(
                        literal.at(), "expected a number of workgroups, 4 or ?seq * 4 /^ 8, for each axis of the grid");
        };
    }

    /** The grammar is that of all stages; labels, accesses and ranges belong to the plan's. */
    private void refusePlan(Tree.Statement statement) {
        statement.label().ifPresent(label -> {
            throw source.error(label.at(), "only the steps of a plan have a label");
        });
        if (statement.operation().text().equals("dispatch")) {
            throw source.error(
                    statement.operation().at(),
                    "only a plan dispatches; a graph says what it computes, and behind that by which kernel:"
                            + " map (%a + %b) by pointwise {lanes = 64} binds %a, %b, %y grid [1, 1, 1]");
        }
        if (statement.callee().isPresent() && !statement.arguments().isEmpty()) {
            throw source.error(
                    statement.arguments().getFirst().at(),
                    "expected ',' between operands; only the steps of a plan name a kernel before what it binds");
        }
        for (Tree.Argument argument : statement.arguments()) {
            argument.access().ifPresent(access -> {
                throw source.error(
                        access.at(),
                        "expected an operand, %name or @name, found '" + access.text()
                                + "'; only the steps of a plan say how they access what is bound");
            });
            argument.range().ifPresent(range -> {
                throw source.error(range.at(), "only the steps of a plan bind a range of bytes");
            });
        }
    }

    Value value(Tree.Name name, Map<String, Value> locals) {
        boolean weight = name.kind() == Tree.Kind.GLOBAL;
        Value value = weight ? weights.get(name.text()) : locals.get(name.text());
        if (value == null) {
            throw source.error(
                    name.at(),
                    (weight ? "@" : "%")
                            + Names.print(name.text())
                            + (weight ? " is not a declared weight" : " is not defined in this function"));
        }
        return value;
    }

    private Literal literal(Tree.Literal literal, Map<String, Value> locals) {
        return switch (literal) {
            case Tree.Literal.Whole whole -> new Literal.Whole(whole.value());
            case Tree.Literal.Real real -> new Literal.Real(real.value());
            case Tree.Literal.Flag flag -> new Literal.Flag(flag.value());
            case Tree.Literal.Text text -> {
                text.range().ifPresent(range -> {
                    throw source.error(range.at(), "only the weights of a plan lie in a range of bytes");
                });
                yield new Literal.Text(text.value());
            }
            case Tree.Literal.Size size -> new Literal.Size(size(size));
            case Tree.Literal.Computed computed -> new Literal.Expression(expression(computed.expression(), locals));
            case Tree.Literal.Items list -> {
                List<Literal> items = new ArrayList<>();
                list.items().forEach(item -> items.add(literal(item, locals)));
                yield new Literal.Items(items);
            }
            case Tree.Word word -> new Literal.Word(word.text());
            case Tree.Name name -> new Literal.Operand(value(name, locals));
        };
    }

    private Pointwise expression(Tree.Expression expression, Map<String, Value> locals) {
        return new ExpressionReader(source, name -> value(name, locals)).read(expression);
    }

    private Extent size(Tree.Literal.Size size) {
        Dim dim = types.dim(size.dim());
        String what = "a factor or divisor";
        return new Extent(dim, positive(size.factor(), what), positive(size.divisor(), what));
    }

    private long positive(Optional<Tree.Literal.Whole> whole, String what) {
        long value = whole.map(Tree.Literal.Whole::value).orElse(1L);
        if (value < 1) {
            throw source.error(whole.orElseThrow().at(), what + " must be at least 1, not " + value);
        }
        return value;
    }
}
