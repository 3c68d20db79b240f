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
import dev.quern.ir.text.Literal;
import dev.quern.ir.text.Parts;
import dev.quern.ir.text.Syntax;
import dev.quern.ir.text.SyntaxException;
import dev.quern.ir.text.read.grammar.QuernIrParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Builds a module from a parse tree. A value may be used before the line that defines it: that is the verifier's to refuse. */
final class TreeReader {
    private final Source source;
    private final TypeReader types;
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, Value> weightValues = new HashMap<>();

    TreeReader(Source source) {
        this.source = source;
        this.types = new TypeReader(source);
    }

    Reading module(QuernIrParser.ModuleContext tree) {
        List<Integer> symbolLines = new ArrayList<>();
        List<Integer> weightLines = new ArrayList<>();
        for (QuernIrParser.DeclarationContext declaration : tree.declaration()) {
            switch (declaration) {
                case QuernIrParser.SymbolDeclarationContext symbol -> {
                    symbolLines.add(symbol.getStart().getLine());
                    types.declare(symbol);
                }
                case QuernIrParser.WeightDeclarationContext weight -> {
                    weightLines.add(weight.getStart().getLine());
                    Weight read = new WeightReader(source, types).weight(weight);
                    weights.add(read);
                    weightValues.putIfAbsent(read.name(), read.value());
                }
                default -> throw new IllegalStateException("a declaration of an unknown kind: " + declaration);
            }
        }
        List<Function> functions = new ArrayList<>();
        List<Integer> functionLines = new ArrayList<>();
        List<List<Integer>> statementLines = new ArrayList<>();
        for (QuernIrParser.FunctionContext function : tree.function()) {
            functionLines.add(function.getStart().getLine());
            List<Integer> lines = new ArrayList<>();
            function.statement()
                    .forEach(statement -> lines.add(statement.getStart().getLine()));
            lines.add(function.result().getStart().getLine());
            statementLines.add(lines);
            functions.add(function(function));
        }
        Module module = new Module(
                Spelling.unquote(tree.STRING().getText()), stage(tree.word()), types.symbols(), weights, functions);
        return new Reading(module, symbolLines, weightLines, functionLines, statementLines);
    }

    private Stage stage(QuernIrParser.WordContext word) {
        for (Stage stage : Stage.values()) {
            if (stage.text().equals(word.getText())) {
                return stage;
            }
        }
        throw source.error(word, "expected a stage (tensor, dispatch or plan), found '" + word.getText() + "'");
    }

    private Function function(QuernIrParser.FunctionContext tree) {
        Map<String, Value> locals = new HashMap<>();
        List<Value> parameters = new ArrayList<>();
        for (QuernIrParser.ParameterContext parameter : tree.parameter()) {
            Value value = Value.local(Spelling.name(parameter.VALUE()), types.type(parameter.type()));
            parameters.add(value);
            locals.putIfAbsent(value.name(), value);
        }
        List<List<Value>> results = new ArrayList<>();
        for (QuernIrParser.StatementContext statement : tree.statement()) {
            results.add(results(statement));
            results.getLast().forEach(value -> locals.putIfAbsent(value.name(), value));
        }
        List<Statement> body = new ArrayList<>();
        for (int index = 0; index < results.size(); index++) {
            body.add(new Statement(results.get(index), operation(tree.statement(index), results.get(index), locals)));
        }
        List<Value> given = new ArrayList<>();
        tree.result().operand().forEach(operand -> given.add(operand(operand, locals)));
        check(tree, given);
        return new Function(Spelling.name(tree.GLOBAL()), parameters, body, given);
    }

    /** The types after the arrow repeat those of the returned values; they are there for the eye. */
    private void check(QuernIrParser.FunctionContext tree, List<Value> given) {
        List<Type> declared = tree.types() == null ? List.of() : types.types(tree.types());
        if (!declared.equals(given.stream().map(Value::type).toList())) {
            ParserRuleContext at = tree.types() == null ? tree.result() : tree.types();
            throw source.error(
                    at,
                    "the types after the arrow are not those of the returned values, "
                            + given.stream()
                                    .map(value -> value + ": " + value.type())
                                    .toList());
        }
    }

    private List<Value> results(QuernIrParser.StatementContext tree) {
        List<Type> declared = types.types(tree.types());
        if (declared.size() != tree.VALUE().size()) {
            throw source.error(
                    tree,
                    "this statement defines " + tree.VALUE().size() + " values and gives " + declared.size()
                            + " types after the colon; each value has one");
        }
        List<Value> results = new ArrayList<>();
        for (int index = 0; index < declared.size(); index++) {
            results.add(Value.local(Spelling.name(tree.VALUE(index)), declared.get(index)));
        }
        return results;
    }

    private Op operation(QuernIrParser.StatementContext tree, List<Value> results, Map<String, Value> locals) {
        String name = tree.word().getText();
        boolean calls = tree.callee() != null
                && (name.equals("dispatch") || !tree.operand().isEmpty());
        Optional<String> callee =
                calls ? Optional.of(Spelling.name(tree.callee().GLOBAL())) : Optional.empty();
        List<Value> values = new ArrayList<>();
        if (tree.callee() != null && !calls) {
            values.add(value(tree.callee(), tree.callee().GLOBAL(), locals));
        }
        tree.operand().forEach(operand -> values.add(operand(operand, locals)));
        List<Parts.Attribute> attributes = new ArrayList<>();
        if (tree.attributes() != null) {
            for (QuernIrParser.AttributeContext attribute : tree.attributes().attribute()) {
                attributes.add(new Parts.Attribute(attribute.word().getText(), literal(attribute.literal(), locals)));
            }
        }
        try {
            return Syntax.make(
                    name,
                    new Parts(callee, values, attributes),
                    results.stream().map(Value::type).toList());
        } catch (SyntaxException e) {
            throw source.error(tree.word(), String.valueOf(e.getMessage()));
        }
    }

    private Value operand(QuernIrParser.OperandContext tree, Map<String, Value> locals) {
        return value(tree, tree.GLOBAL() != null ? tree.GLOBAL() : tree.VALUE(), locals);
    }

    private Value value(ParserRuleContext tree, TerminalNode node, Map<String, Value> locals) {
        boolean weight = node.getSymbol().getType() == QuernIrParser.GLOBAL;
        String name = Spelling.name(node);
        Value value = weight ? weightValues.get(name) : locals.get(name);
        if (value == null) {
            throw source.error(
                    tree, tree.getText() + (weight ? " is not a declared weight" : " is not defined in this function"));
        }
        return value;
    }

    private Literal literal(QuernIrParser.LiteralContext tree, Map<String, Value> locals) {
        return switch (tree) {
            case QuernIrParser.SingleContext single -> atom(single.atom(), locals);
            case QuernIrParser.ListContext list ->
                new Literal.Items(
                        list.atom().stream().map(item -> atom(item, locals)).toList());
            default -> throw new IllegalStateException("a literal of an unknown kind: " + tree);
        };
    }

    private Literal atom(QuernIrParser.AtomContext tree, Map<String, Value> locals) {
        return switch (tree) {
            case QuernIrParser.ValueContext value -> new Literal.Operand(operand(value.operand(), locals));
            case QuernIrParser.WholeContext whole ->
                new Literal.Whole(Spelling.whole(source, whole.INT().getSymbol()));
            case QuernIrParser.RealContext real ->
                new Literal.Real(Spelling.real(real.FLOAT().getText()));
            case QuernIrParser.TextContext text ->
                new Literal.Text(Spelling.unquote(text.STRING().getText()));
            case QuernIrParser.FlagContext flag ->
                new Literal.Flag(Boolean.parseBoolean(flag.BOOL().getText()));
            case QuernIrParser.ConstantContext word ->
                new Literal.Word(word.word().getText());
            case QuernIrParser.SizeContext size -> size(size);
            default -> throw new IllegalStateException("an attribute of an unknown kind: " + tree);
        };
    }

    private Literal size(QuernIrParser.SizeContext tree) {
        Dim dim = tree.dim() == null ? types.symbol(tree.SYMBOL()) : types.dim(tree.dim());
        return new Literal.Size(new Extent(dim, positive(tree.factor), positive(tree.divisor)));
    }

    private long positive(@Nullable Token token) {
        if (token == null) {
            return 1;
        }
        long value = Spelling.whole(source, token);
        if (value < 1) {
            throw source.error(token, "a factor or divisor is at least 1, not " + value);
        }
        return value;
    }
}
