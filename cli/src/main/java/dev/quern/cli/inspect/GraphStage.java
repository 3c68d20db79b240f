package dev.quern.cli.inspect;

/** Which graph of a compilation to show. */
public enum GraphStage {
    /** As the architecture builds it. */
    IMPORTED,
    /** After the passes. */
    TENSOR,
    /** After the choice of kernels. */
    DISPATCH
}
