package dev.quern.ir.verify;

/** Where in a module something stands, by index, since names may be what is wrong. */
public sealed interface Place {

    /** A symbol's declaration. */
    record OfSymbol(int index) implements Place {}

    /** A weight's declaration. */
    record OfWeight(int index) implements Place {}

    /** A function's head. */
    record OfFunction(int index) implements Place {}

    /** A statement of a function. */
    record OfStatement(int function, int index) implements Place {}

    /** What a function returns. */
    record OfReturn(int function) implements Place {}
}
