package dev.quern.ir.text.read;

import dev.quern.ir.text.read.grammar.QuernIrParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/** Turns what the parser made of one expression into {@link Tree.Expression}: operators of equal rank from the left. */
final class ExpressionBuilder {
    /** What no expression comes near that a person or a pass writes; each step into one is a call. */
    private static final int MOST = 500;

    private final Source source;
    private final TreeBuilder trees;
    private int size;

    ExpressionBuilder(Source source, TreeBuilder trees) {
        this.source = source;
        this.trees = trees;
    }

    Tree.Expression expression(QuernIrParser.ExpressionContext expression) {
        return sum(expression.sum());
    }

    private Tree.Expression sum(QuernIrParser.SumContext sum) {
        List<Tree.Expression> terms = new ArrayList<>();
        sum.product().forEach(product -> terms.add(product(product)));
        return fromTheLeft(terms, sum.signs);
    }

    private Tree.Expression product(QuernIrParser.ProductContext product) {
        List<Tree.Expression> factors = new ArrayList<>();
        product.factor().forEach(factor -> factors.add(factor(factor)));
        return fromTheLeft(factors, product.signs);
    }

    private static Tree.Expression fromTheLeft(List<Tree.Expression> operands, List<Token> signs) {
        Tree.Expression left = operands.getFirst();
        for (int index = 0; index < signs.size(); index++) {
            Token sign = signs.get(index);
            left = new Tree.Expression.Infix(
                    new Tree.Word(TreeBuilder.at(sign), sign.getText()), left, operands.get(index + 1));
        }
        return left;
    }

    private Tree.Expression factor(QuernIrParser.FactorContext factor) {
        if (++size > MOST) {
            throw source.error(
                    TreeBuilder.at(factor), "an expression has at most " + MOST + " numbers, values and calls");
        }
        return switch (factor) {
            case QuernIrParser.NumberFactorContext number -> number(number);
            case QuernIrParser.PartFactorContext part ->
                new Tree.Expression.Part(TreeBuilder.at(part), index(part.PART().getSymbol()));
            case QuernIrParser.ValueFactorContext value -> new Tree.Expression.Operand(trees.operand(value.operand()));
            case QuernIrParser.CallFactorContext call -> {
                List<Tree.Expression> arguments = new ArrayList<>();
                call.sum().forEach(argument -> arguments.add(sum(argument)));
                yield new Tree.Expression.Call(trees.word(call.word()), arguments);
            }
            case QuernIrParser.NestedFactorContext nested -> sum(nested.sum());
            default -> throw new IllegalStateException("a factor of an unknown kind: " + factor);
        };
    }

    private Tree.Expression number(QuernIrParser.NumberFactorContext number) {
        Token token = number.getStart();
        return new Tree.Expression.Constant(TreeBuilder.at(token), Spelling.real(source, token));
    }

    /** The digits behind the mark, few enough for a number. */
    private long index(Token part) {
        String digits = part.getText().substring(1);
        if (digits.length() > 9) {
            throw source.error(TreeBuilder.at(part), "there are not so many parts: " + part.getText());
        }
        return Long.parseLong(digits);
    }
}
