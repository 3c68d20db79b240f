package dev.quern.compiler;

import dev.quern.codegen.Selection;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.passes.PassObserver;
import dev.quern.plan.Plan;

/**
 * Is told of every form that a model takes while it is compiled: of each pass, and of the stages before and behind
 * them. What is not overridden looks away.
 */
public interface CompileObserver extends PassObserver {
    /** Looks away. */
    CompileObserver NONE = new CompileObserver() {};

    /** The graph is there, as the architecture builds it. */
    default void imported(Module module) {}

    @Override
    default void ran(int index, String pass, Module before, Module after, long nanoseconds) {}

    @Override
    default void failed(int index, String pass, Module before, RuntimeException problem) {}

    /** Kernels are chosen, and the module that names them is verified. */
    default void selected(Selection selection) {}

    /** The plan is there, and verified. */
    default void planned(Plan plan) {}

    /**
     * Lowering threw something that is no refusal, or a verifier refused its result; the exception goes on to the
     * caller.
     *
     * @param target the stage that was to be reached
     */
    default void loweringFailed(Stage target, Module before, RuntimeException problem) {}
}
