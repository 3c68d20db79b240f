package dev.quern.plan.verify;

/** Where in a plan something stands, by index, since names may be what is wrong. */
public sealed interface PlanPlace {

    /** Nowhere in particular: something that the plan lacks. */
    record OfPlan() implements PlanPlace {}

    /** A symbol. */
    record OfSymbol(int index) implements PlanPlace {}

    /** A buffer. */
    record OfBuffer(int index) implements PlanPlace {}

    /** A weight. */
    record OfWeight(int index) implements PlanPlace {}

    /** A kernel. */
    record OfKernel(int index) implements PlanPlace {}

    /** An entry point. */
    record OfEntryPoint(int index) implements PlanPlace {}

    /** A step of an entry point. */
    record OfStep(int entryPoint, int index) implements PlanPlace {}

    /** What a step binds. */
    record OfBinding(OfStep step, int index) implements PlanPlace {}

    /** The memory certificate as a whole. */
    record OfMemory() implements PlanPlace {}

    /** A region of the certificate. */
    record OfRegion(int index) implements PlanPlace {}
}
