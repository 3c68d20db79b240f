package dev.quern.ir.text.read;

import dev.quern.ir.text.read.grammar.QuernIrParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Turns the parser's tree into {@link Tree}: names lose marks and quotation marks, numbers become numbers. */
final class TreeBuilder {
    private final Source source;

    TreeBuilder(Source source) {
        this.source = source;
    }

    Tree tree(QuernIrParser.ModuleContext module) {
        return new Tree(
                source,
                text(module.header().STRING(), null),
                stage(module.header()),
                all(module.declaration(), this::declaration),
                all(module.function(), this::function));
    }

    Tree.Word stage(QuernIrParser.HeaderContext header) {
        return word(header.word());
    }

    private Tree.Declaration declaration(QuernIrParser.DeclarationContext declaration) {
        return switch (declaration) {
            case QuernIrParser.SymbolDeclarationContext symbol ->
                new Tree.Declaration.Symbol(at(symbol), name(symbol.SYMBOL()), whole(symbol.INT()));
            case QuernIrParser.WeightDeclarationContext weight ->
                new Tree.Declaration.Weight(
                        at(weight), name(weight.GLOBAL()), tensor(weight.tensor()), attributes(weight.attributes()));
            case QuernIrParser.OtherDeclarationContext other -> {
                Token word = other.ID().getSymbol();
                yield new Tree.Declaration.Other(
                        at(other),
                        new Tree.Word(at(word), word.getText()),
                        all(other.subject(), this::subject),
                        extent(other),
                        attributes(other.attributes()));
            }
            default -> throw new IllegalStateException("a declaration of an unknown kind: " + declaration);
        };
    }

    private Tree.Subject subject(QuernIrParser.SubjectContext subject) {
        if (subject.STRING() != null) {
            return text(subject.STRING(), null);
        }
        return name(subject.GLOBAL() != null ? subject.GLOBAL() : subject.VALUE());
    }

    private Optional<Tree.Extent> extent(QuernIrParser.OtherDeclarationContext other) {
        if (other.range() != null) {
            return Optional.of(new Tree.Extent.Span(word(other.word()), range(other.range())));
        }
        return Optional.ofNullable(other.tensor()).map(tensor -> new Tree.Extent.Whole(tensor(tensor)));
    }

    private Tree.Function function(QuernIrParser.FunctionContext function) {
        return new Tree.Function(
                at(function),
                name(function.GLOBAL()),
                all(
                        function.parameter(),
                        parameter -> new Tree.Parameter(name(parameter.VALUE()), type(parameter.type()))),
                Optional.ofNullable(function.types()).map(this::types),
                all(function.statement(), this::statement),
                at(function.result()),
                all(function.result().operand(), this::operand));
    }

    private Tree.Statement statement(QuernIrParser.StatementContext statement) {
        QuernIrParser.OperationContext operation = statement.operation();
        return new Tree.Statement(
                at(statement),
                all(statement.VALUE(), this::name),
                word(operation.word()),
                Optional.ofNullable(operation.STRING()).map(label -> text(label, null)),
                Optional.ofNullable(operation.callee()).map(callee -> name(callee.GLOBAL())),
                all(
                        operation.argument(),
                        argument -> new Tree.Argument(
                                at(argument),
                                Optional.ofNullable(argument.word()).map(this::word),
                                operand(argument.operand()),
                                Optional.ofNullable(argument.range()).map(this::range))),
                Optional.ofNullable(operation.expression()).map(this::expression),
                attributes(statement.attributes()),
                Optional.ofNullable(statement.kernel()).map(this::kernel),
                Optional.ofNullable(statement.types()).map(this::types));
    }

    private Tree.Kernel kernel(QuernIrParser.KernelContext kernel) {
        return new Tree.Kernel(
                at(kernel.family()),
                kernel.family().getText(),
                attributes(kernel.attributes()),
                all(
                        kernel.bound(),
                        bound -> new Tree.Bound(
                                operand(bound.operand()),
                                Optional.ofNullable(bound.VALUE()).map(this::name))),
                all(kernel.atom(), this::atom));
    }

    private List<Tree.Attribute> attributes(QuernIrParser.@Nullable AttributesContext attributes) {
        return attributes == null
                ? List.of()
                : all(
                        attributes.attribute(),
                        attribute -> new Tree.Attribute(word(attribute.word()), literal(attribute.literal())));
    }

    private Tree.Types types(QuernIrParser.TypesContext types) {
        return new Tree.Types(at(types), all(types.type(), this::type));
    }

    private Tree.Type type(QuernIrParser.TypeContext type) {
        return switch (type) {
            case QuernIrParser.TensorTypeContext tensor -> tensor(tensor.tensor());
            case QuernIrParser.StateTypeContext state ->
                new Tree.Type.Wrapped(word(state.word()), tensor(state.tensor()));
            default -> throw new IllegalStateException("a type of an unknown kind: " + type);
        };
    }

    private Tree.Type.Tensor tensor(QuernIrParser.TensorContext tensor) {
        return new Tree.Type.Tensor(word(tensor.word()), all(tensor.dim(), this::dim));
    }

    private Tree.Dim dim(QuernIrParser.DimContext dim) {
        return dim.SYMBOL() != null ? name(dim.SYMBOL()) : whole(dim.INT());
    }

    private Tree.Literal literal(QuernIrParser.LiteralContext literal) {
        return switch (literal) {
            case QuernIrParser.SingleContext single -> atom(single.atom());
            case QuernIrParser.ComputedContext computed ->
                new Tree.Literal.Computed(at(computed), expression(computed.expression()));
            case QuernIrParser.ListContext list -> new Tree.Literal.Items(at(list), all(list.atom(), this::atom));
            default -> throw new IllegalStateException("a literal of an unknown kind: " + literal);
        };
    }

    private Tree.Literal atom(QuernIrParser.AtomContext atom) {
        return switch (atom) {
            case QuernIrParser.ValueContext value -> operand(value.operand());
            case QuernIrParser.WholeContext whole -> whole(whole.INT());
            case QuernIrParser.RealContext real ->
                new Tree.Literal.Real(
                        at(real), Spelling.real(source, real.FLOAT().getSymbol()));
            case QuernIrParser.TextContext text -> text(text.STRING(), text.range());
            case QuernIrParser.FlagContext flag ->
                new Tree.Literal.Flag(at(flag), Boolean.parseBoolean(flag.BOOL().getText()));
            case QuernIrParser.ConstantContext constant -> word(constant.word());
            case QuernIrParser.SizeContext size ->
                new Tree.Literal.Size(
                        at(size),
                        size.dim() == null ? name(size.SYMBOL()) : dim(size.dim()),
                        Optional.ofNullable(size.times).map(this::whole),
                        Optional.ofNullable(size.divisor).map(this::whole));
            default -> throw new IllegalStateException("an attribute of an unknown kind: " + atom);
        };
    }

    private Tree.Expression expression(QuernIrParser.ExpressionContext expression) {
        return new ExpressionBuilder(source, this).expression(expression);
    }

    Tree.Name operand(QuernIrParser.OperandContext operand) {
        return name(operand.GLOBAL() != null ? operand.GLOBAL() : operand.VALUE());
    }

    private Tree.Name name(TerminalNode node) {
        Tree.Kind kind = switch (node.getSymbol().getType()) {
            case QuernIrParser.VALUE -> Tree.Kind.VALUE;
            case QuernIrParser.GLOBAL -> Tree.Kind.GLOBAL;
            default -> Tree.Kind.SYMBOL;
        };
        return new Tree.Name(at(node.getSymbol()), kind, Spelling.name(node.getText()));
    }

    Tree.Word word(QuernIrParser.WordContext word) {
        return new Tree.Word(at(word), word.getText());
    }

    private Tree.Literal.Text text(TerminalNode node, QuernIrParser.@Nullable RangeContext range) {
        return new Tree.Literal.Text(
                at(node.getSymbol()),
                Spelling.unquote(node.getText()),
                Optional.ofNullable(range).map(this::range));
    }

    private Tree.Range range(QuernIrParser.RangeContext range) {
        return new Tree.Range(
                at(range), whole(range.INT(0)).value(), whole(range.INT(1)).value());
    }

    private Tree.Literal.Whole whole(TerminalNode node) {
        return whole(node.getSymbol());
    }

    private Tree.Literal.Whole whole(Token token) {
        return new Tree.Literal.Whole(at(token), Spelling.whole(source, token));
    }

    static At at(Token token) {
        return new At(token.getLine(), token.getCharPositionInLine() + 1);
    }

    static At at(ParserRuleContext context) {
        return at(context.getStart());
    }

    private static <C, T> List<T> all(List<C> contexts, Function<C, T> build) {
        List<T> built = new ArrayList<>(contexts.size());
        contexts.forEach(context -> built.add(build.apply(context)));
        return built;
    }
}
