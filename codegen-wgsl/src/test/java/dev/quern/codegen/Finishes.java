package dev.quern.codegen;

import dev.quern.ir.Pointwise;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.Value;

/** What the layers of models do with a product, as the tests of kernels ask for it. */
public enum Finishes {
    /** {@code #0}. */
    STORE,
    /** {@code %h + #0}. */
    ADD,
    /** {@code silu(#0) * #1}. */
    SWIGLU,
    /** {@code %h + silu(#0) * #1}. */
    SWIGLU_ADD,
    /** {@code #0 + @b}. */
    BIAS,
    /** {@code 0.22 * (#0 + @b) + %h}. */
    SCALED,
    /** {@code 30 * tanh(#0 / 30)}. */
    SOFT_CAP,
    /** {@code gelu(#0) * #1}. */
    GEGLU;

    /** Parts of the product. */
    public int parts() {
        return switch (this) {
            case STORE, ADD, BIAS, SCALED, SOFT_CAP -> 1;
            case SWIGLU, SWIGLU_ADD, GEGLU -> 2;
        };
    }

    /** Whether a residual is read. */
    public boolean adds() {
        return switch (this) {
            case ADD, SWIGLU_ADD, SCALED -> true;
            case STORE, SWIGLU, BIAS, SOFT_CAP, GEGLU -> false;
        };
    }

    /** Whether a vector is read. */
    public boolean biases() {
        return switch (this) {
            case BIAS, SCALED -> true;
            case STORE, ADD, SWIGLU, SWIGLU_ADD, SOFT_CAP, GEGLU -> false;
        };
    }

    /**
     * The expression.
     *
     * @param residual of the result's type
     * @param bias with an element for each column
     */
    public Pointwise of(Value residual, Value bias) {
        Pointwise first = Linear.PLAIN;
        Pointwise second = new Pointwise.Part(1);
        return switch (this) {
            case STORE -> first;
            case ADD -> Pointwise.add(Pointwise.of(residual), first);
            case SWIGLU -> Pointwise.gated(Pointwise.Function.SILU, first, second);
            case SWIGLU_ADD ->
                Pointwise.add(Pointwise.of(residual), Pointwise.gated(Pointwise.Function.SILU, first, second));
            case BIAS -> Pointwise.add(first, Pointwise.of(bias));
            case SCALED ->
                Pointwise.add(
                        Pointwise.multiply(new Pointwise.Constant(0.22f), Pointwise.add(first, Pointwise.of(bias))),
                        Pointwise.of(residual));
            case SOFT_CAP ->
                Pointwise.multiply(
                        new Pointwise.Constant(30),
                        new Pointwise.Unary(
                                Pointwise.Function.TANH,
                                new Pointwise.Binary(Pointwise.Operator.DIVIDE, first, new Pointwise.Constant(30))));
            case GEGLU -> Pointwise.gated(Pointwise.Function.GELU, first, second);
        };
    }
}
