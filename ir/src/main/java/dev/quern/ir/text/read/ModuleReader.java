package dev.quern.ir.text.read;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.Statement;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Count;
import dev.quern.ir.text.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Builds a module from a tree. A value may be used before the line that defines it: that is the verifier's to refuse.
 */
final class ModuleReader {
    private static final String PROFILE = "profile";

    private final Tree tree;
    private final Source source;
    private final TypeReader types;
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, Value> weightValues = new HashMap<>();
    private final OperationReader operations;
    private Optional<String> profile = Optional.empty();

    ModuleReader(Tree tree) {
        this.tree = tree;
        this.source = tree.source();
        this.types = new TypeReader(source);
        this.operations = new OperationReader(source, types, weightValues);
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
                case Tree.Declaration.Other other -> {
                    if (stage == Stage.TENSOR || !other.word().text().equals(PROFILE)) {
                        throw source.error(
                                other.at(),
                                "a module at the stage " + stage.text() + " declares no '"
                                        + other.word().text() + "'"
                                        + Nearest.among(other.word().text(), declared(stage)));
                    }
                    profile(other);
                }
            }
        }
        List<Function> functions = new ArrayList<>();
        tree.functions().forEach(function -> functions.add(function(function)));
        Module module = new Module(tree.name().value(), stage, profile, types.symbols(), weights, functions);
        return new Reading(module, tree);
    }

    private static List<String> declared(Stage stage) {
        return stage == Stage.TENSOR
                ? List.of("symbol", "weight", "func")
                : List.of(PROFILE, "symbol", "weight", "func");
    }

    private void profile(Tree.Declaration.Other other) {
        if (profile.isPresent()) {
            throw source.error(other.at(), "the profile is declared twice");
        }
        if (other.subjects().size() != 1
                || !(other.subjects().getFirst() instanceof Tree.Literal.Text name)
                || other.extent().isPresent()
                || !other.attributes().isEmpty()) {
            throw source.error(other.at(), "a profile is declared by its name alone: profile \"portable\"");
        }
        profile = Optional.of(name.value());
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
                    results.get(index), operations.operation(function.body().get(index), results.get(index), locals)));
        }
        List<Value> given = new ArrayList<>();
        function.results().forEach(name -> given.add(operations.value(name, locals)));
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
}
