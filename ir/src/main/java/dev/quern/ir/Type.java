package dev.quern.ir;

/** What a value is: a tensor, or the state that outlives a call. */
public sealed interface Type permits TensorType, StateType {}
