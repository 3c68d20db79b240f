package dev.quern.cli.ir;

import dev.quern.ir.Op;
import dev.quern.ir.Slice;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.ir.text.Syntax;
import dev.quern.plan.CacheEncoding;
import dev.quern.reference.Interpreter;
import dev.quern.reference.Numerics;
import dev.quern.reference.Tensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches an interpreter for the first statement that leaves a number which is NaN or infinite: what follows from it is
 * worth nothing. It may watch several runs, one after the other.
 */
public final class FirstNotFinite implements Interpreter.Trace {
    private @Nullable String found;
    private Optional<CacheEncoding> kept = Optional.empty();

    @Override
    public void done(Statement statement, List<Tensor> results) {
        if (Slice.incomplete(statement.op())) {
            // What belongs to the rows behind is no number yet; where it is complete, all of it is looked at.
            return;
        }
        for (int index = 0; index < results.size() && found == null; index++) {
            Tensor tensor = results.get(index);
            if (!tensor.integral()) {
                look(statement, statement.results().get(index), tensor.floats());
            }
        }
    }

    private void look(Statement statement, Value value, float[] elements) {
        int element = Numerics.firstNotFinite(elements);
        if (element >= 0) {
            found = "element " + element + " of " + value + ", which " + operation(statement.op()) + " computes, is "
                    + (Float.isNaN(elements[element]) ? "NaN" : "infinite");
            kept = value.type() instanceof StateType state
                    ? CacheEncoding.named(state.contents().encoding().text())
                    : Optional.empty();
        }
    }

    private static String operation(Op op) {
        return op instanceof TensorOp tensor ? Syntax.name(tensor) : "a kernel";
    }

    /** What was found, as a part of a sentence. */
    public Optional<String> found() {
        return Optional.ofNullable(found);
    }

    /** What is to be done about it: a full sentence. */
    public String advice() {
        return kept.filter(encoding -> encoding.largest().isPresent())
                .map(encoding -> "Keys or values leave the range of " + encoding.text() + ", which ends at "
                        + encoding.largest().getAsLong() + ": keep them as f32 (--cache f32).")
                .orElse("Numbers leave the range of f32 there: weights may be damaged ('quern verify --weights'"
                        + " looks).");
    }
}
