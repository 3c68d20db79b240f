package dev.quern.ir;

/**
 * A value: what a statement defines or a function takes ({@code %name}), or a weight of the module ({@code @name}). Two
 * values are the same if kind, name and type are.
 */
public record Value(Kind kind, String name, Type type) {

    /** Where a value comes from. */
    public enum Kind {
        /** A parameter of the function or the result of a statement. */
        LOCAL,
        /** Declared by the module, constant, shared by all functions. */
        WEIGHT
    }

    public static Value local(String name, Type type) {
        return new Value(Kind.LOCAL, name, type);
    }

    public static Value weight(String name, TensorType type) {
        return new Value(Kind.WEIGHT, name, type);
    }

    /** The type of a value that must be a tensor. */
    public TensorType tensor() {
        return switch (type) {
            case TensorType tensor -> tensor;
            case StateType state ->
                throw new TypeException(TypeRule.TENSOR, this + " is a state (" + state + "), not a tensor.");
        };
    }

    /** The contents of a value that must be a state. */
    public TensorType state() {
        return switch (type) {
            case TensorType tensor ->
                throw new TypeException(TypeRule.STATE, this + " is a tensor (" + tensor + "), not a state.");
            case StateType state -> state.contents();
        };
    }

    @Override
    public String toString() {
        return (kind == Kind.WEIGHT ? "@" : "%") + name;
    }
}
