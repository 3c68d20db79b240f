package dev.quern.ir;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A function of single elements, as an expression: what {@link TensorOp.Map} computes, and what {@link TensorOp.Linear}
 * does with its sums. For the element {@code [i, j]} of the result it reads the elements {@code [i, j]} of activations,
 * the elements {@code [j]} of vectors, and what the operation around it has computed for {@code [i, j]}.
 */
public sealed interface Pointwise {

    /** What an expression is made of: a part, a value or a constant. */
    sealed interface Leaf extends Pointwise {}

    /**
     * {@code #0}, {@code #1}: what the operation around it computed; of a product, the sum in one of its parts.
     *
     * @param index from 0
     */
    record Part(int index) implements Leaf {}

    /**
     * {@code %a}: the element {@code [i, j]} of an activation that has the type of the result.
     *
     * @param value a value of the function, not a weight
     */
    record Element(Value value) implements Leaf {
        public Element {
            if (value.kind() != Value.Kind.LOCAL) {
                throw new IllegalArgumentException(value + " is a weight; of weights an expression reads vectors.");
            }
        }
    }

    /**
     * {@code @b}: the element {@code [j]} of a vector, such as a bias.
     *
     * @param value a weight
     */
    record PerColumn(Value value) implements Leaf {
        public PerColumn {
            if (value.kind() != Value.Kind.WEIGHT) {
                throw new IllegalArgumentException(value + " is no weight; vectors in an expression are weights.");
            }
        }
    }

    /** {@code 0.5}: a finite number. */
    record Constant(float value) implements Leaf {}

    /** {@code silu(x)}. */
    record Unary(Function function, Pointwise of) implements Pointwise {}

    /** {@code x + y}, {@code min(x, y)}. */
    record Binary(Operator operator, Pointwise left, Pointwise right) implements Pointwise {}

    /** Functions of one number. */
    enum Function {
        /** {@code z / (1 + exp(-z))}. */
        SILU("silu"),
        /** {@code z / 2 * (1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z^3)))}. */
        GELU("gelu"),
        /** {@code z / 2 * (1 + erf(z / sqrt(2)))}. */
        GELU_ERF("gelu_erf"),
        /** {@code 1 / (1 + exp(-z))}. */
        SIGMOID("sigmoid"),
        /** The hyperbolic tangent. */
        TANH("tanh"),
        /** {@code max(z, 0)}. */
        RELU("relu");

        private final String text;

        Function(String text) {
            this.text = text;
        }

        /** Its name in text. */
        public String text() {
            return text;
        }
    }

    /** Functions of two numbers. */
    enum Operator {
        ADD("+", Spelling.SUM),
        SUBTRACT("-", Spelling.SUM),
        MULTIPLY("*", Spelling.PRODUCT),
        DIVIDE("/", Spelling.PRODUCT),
        MIN("min", Spelling.CALL),
        MAX("max", Spelling.CALL);

        /** How an operator stands in text, those that bind least first. */
        public enum Spelling {
            /** Between its operands, as sums are. */
            SUM,
            /** Between its operands, as products are. */
            PRODUCT,
            /** A name before its operands. */
            CALL
        }

        private final String text;
        private final Spelling spelling;

        Operator(String text, Spelling spelling) {
            this.text = text;
            this.spelling = spelling;
        }

        /** Its sign or its name in text. */
        public String text() {
            return text;
        }

        public Spelling spelling() {
            return spelling;
        }
    }

    static Pointwise add(Pointwise left, Pointwise right) {
        return new Binary(Operator.ADD, left, right);
    }

    static Pointwise multiply(Pointwise left, Pointwise right) {
        return new Binary(Operator.MULTIPLY, left, right);
    }

    /** {@code function(gate) * up}. */
    static Pointwise gated(Function function, Pointwise gate, Pointwise up) {
        return multiply(new Unary(function, gate), up);
    }

    /** {@code %value} or {@code @value}, after the kind of the value. */
    static Pointwise of(Value value) {
        return switch (value.kind()) {
            case LOCAL -> new Element(value);
            case WEIGHT -> new PerColumn(value);
        };
    }

    /** The same expression with something else in place of each leaf. */
    default Pointwise substitute(java.util.function.Function<Leaf, Pointwise> by) {
        return switch (this) {
            case Leaf leaf -> by.apply(leaf);
            case Unary unary -> new Unary(unary.function(), unary.of().substitute(by));
            case Binary binary ->
                new Binary(
                        binary.operator(),
                        binary.left().substitute(by),
                        binary.right().substitute(by));
        };
    }

    /** The same expression on other values. */
    default Pointwise map(UnaryOperator<Value> change) {
        return substitute(leaf -> switch (leaf) {
            case Element element -> new Element(change.apply(element.value()));
            case PerColumn vector -> new PerColumn(change.apply(vector.value()));
            case Part part -> part;
            case Constant constant -> constant;
        });
    }

    /** The leaves from left to right, each as often as it stands there. */
    default List<Leaf> leaves() {
        List<Leaf> leaves = new ArrayList<>();
        substitute(leaf -> {
            leaves.add(leaf);
            return leaf;
        });
        return List.copyOf(leaves);
    }

    /** The values that are read, each once, in the order in which they stand there first. */
    default List<Value> values() {
        Set<Value> values = new LinkedHashSet<>();
        for (Leaf leaf : leaves()) {
            switch (leaf) {
                case Element element -> values.add(element.value());
                case PerColumn vector -> values.add(vector.value());
                case Part part -> {}
                case Constant constant -> {}
            }
        }
        return List.copyOf(values);
    }
}
