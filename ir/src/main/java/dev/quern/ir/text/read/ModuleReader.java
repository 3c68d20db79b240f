package dev.quern.ir.text.read;

import dev.quern.ir.Dim;
import dev.quern.ir.DispatchOp.Dispatch.Extent;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Stage;
import dev.quern.ir.Statement;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Count;
import dev.quern.ir.text.Literal;
import dev.quern.ir.text.Names;
import dev.quern.ir.text.Nearest;
import dev.quern.ir.text.Parts;
import dev.quern.ir.text.Syntax;
import dev.quern.ir.text.SyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds a module from a tree. A value may be used before the line that defines it: that is the verifier's to refuse.
 */
final class ModuleReader {
    private final Tree tree;
    private final Source source;
    private final TypeReader types;
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, Value> weightValues = new HashMap<>();

    ModuleReader(Tree tree) {
        this.tree = tree;
        this.source = tree.source();
        this.types = new TypeReader(source);
    }

    Reading read() {
        Stage stage = Reader.stage(source, tree.stage());
        if (stage == Stage.PLAN) {
            throw source.error(
                    tree.stage().at(),
                    "expected a module at the stage tensor or dispatch; a plan, at the stage plan, has a reader"
                            + " of its own");
        }
        for (Tree.Declaration declaration : tree.declarations()) {
            switch (declaration) {
                case Tree.Declaration.Symbol symbol -> types.declare(symbol);
                case Tree.Declaration.Weight weight -> {
                    Weight read = new WeightReader(source, types).weight(weight);
                    weights.add(read);
                    weightValues.putIfAbsent(read.name(), read.value());
                }
                case Tree.Declaration.Other other ->
                    throw source.error(
                            other.at(),
                            "a module at the stage " + stage.text() + " declares no '"
                                    + other.word().text() + "'"
                                    + Nearest.among(other.word().text(), List.of("symbol", "weight", "func")));
            }
        }
        List<Function> functions = new ArrayList<>();
        tree.functions().forEach(function -> functions.add(function(function)));
        Module module = new Module(tree.name().value(), stage, types.symbols(), weights, functions);
        return new Reading(module, tree);
    }

    private Function function(Tree.Function function) {
        Map<String, Value> locals = new HashMap<>();
        List<Value> parameters = new ArrayList<>();
        for (Tree.Parameter parameter : function.parameters()) {
            Value value = Value.local(parameter.name().text(), types.type(parameter.type()));
            parameters.add(value);
            locals.putIfAbsent(value.name(), value);
        }
        List<List<Value>> results = new ArrayList<>();
        for (Tree.Statement statement : function.body()) {
            results.add(results(statement));
            results.getLast().forEach(value -> locals.putIfAbsent(value.name(), value));
        }
        List<Statement> body = new ArrayList<>();
        for (int index = 0; index < results.size(); index++) {
            body.add(new Statement(
                    results.get(index), operation(function.body().get(index), results.get(index), locals)));
        }
        List<Value> given = new ArrayList<>();
        function.results().forEach(name -> given.add(value(name, locals)));
        check(function, given);
        return new Function(function.name().text(), parameters, body, given);
    }

    /** The types after the arrow repeat those of the returned values; they are there for the eye. */
    private void check(Tree.Function function, List<Value> given) {
        List<Type> declared = function.types().map(types::types).orElse(List.of());
        if (!declared.equals(given.stream().map(Value::type).toList())) {
            throw source.error(
                    function.types().map(Tree.Types::at).orElse(function.resultsAt()),
                    "the types after the arrow differ from those of the returned values, "
                            + given.stream()
                                    .map(value -> value + ": " + value.type())
                                    .toList());
        }
    }

    private List<Value> results(Tree.Statement statement) {
        List<Type> declared = statement.types().map(types::types).orElse(List.of());
        if (declared.size() != statement.results().size()) {
            throw source.error(
                    statement.types().map(Tree.Types::at).orElse(statement.at()),
                    "this statement defines " + Count.of(statement.results().size(), "value") + " and gives "
                            + Count.of(declared.size(), "type") + " after the colon; each value needs one");
        }
        List<Value> results = new ArrayList<>();
        for (int index = 0; index < declared.size(); index++) {
            results.add(Value.local(statement.results().get(index).text(), declared.get(index)));
        }
        return results;
    }

    private Op operation(Tree.Statement statement, List<Value> results, Map<String, Value> locals) {
        String name = statement.operation().text();
        refusePlan(statement);
        boolean calls = name.equals("dispatch") || !statement.arguments().isEmpty();
        Optional<String> callee = calls ? statement.callee().map(Tree.Name::text) : Optional.empty();
        List<Value> values = new ArrayList<>();
        if (!calls) {
            statement.callee().ifPresent(only -> values.add(value(only, locals)));
        }
        statement.arguments().forEach(argument -> values.add(value(argument.name(), locals)));
        List<Parts.Attribute> attributes = new ArrayList<>();
        for (Tree.Attribute attribute : statement.attributes()) {
            attributes.add(new Parts.Attribute(attribute.name().text(), literal(attribute.literal(), locals)));
        }
        try {
            return Syntax.make(
                    name,
                    new Parts(callee, values, attributes),
                    results.stream().map(Value::type).toList());
        } catch (SyntaxException e) {
            At at = statement.attributes().stream()
                    .filter(attribute -> attribute.name().text().equals(e.attribute()))
                    .map(Tree.Attribute::at)
                    .reduce(statement.operation().at(), (first, last) -> last);
            throw source.error(at, String.valueOf(e.getMessage()));
        }
    }

    /** The grammar is that of all stages; labels, accesses and ranges belong to the plan's. */
    private void refusePlan(Tree.Statement statement) {
        statement.label().ifPresent(label -> {
            throw source.error(label.at(), "only the steps of a plan have a label");
        });
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

    private Value value(Tree.Name name, Map<String, Value> locals) {
        boolean weight = name.kind() == Tree.Kind.GLOBAL;
        Value value = weight ? weightValues.get(name.text()) : locals.get(name.text());
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
            case Tree.Literal.Size size -> size(size);
            case Tree.Literal.Items list -> {
                List<Literal> items = new ArrayList<>();
                list.items().forEach(item -> items.add(literal(item, locals)));
                yield new Literal.Items(items);
            }
            case Tree.Word word -> new Literal.Word(word.text());
            case Tree.Name name -> new Literal.Operand(value(name, locals));
        };
    }

    private Literal size(Tree.Literal.Size size) {
        Dim dim = types.dim(size.dim());
        return new Literal.Size(new Extent(dim, positive(size.factor()), positive(size.divisor())));
    }

    private long positive(Optional<Tree.Literal.Whole> whole) {
        long value = whole.map(Tree.Literal.Whole::value).orElse(1L);
        if (value < 1) {
            throw source.error(whole.orElseThrow().at(), "a factor or divisor must be at least 1, not " + value);
        }
        return value;
    }
}
