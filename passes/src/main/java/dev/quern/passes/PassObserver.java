package dev.quern.passes;

import dev.quern.ir.Module;

/** Is told of every pass of a pipeline: to dump, to measure, to save the module that a pass could not handle. */
public interface PassObserver {
    /** An observer that does nothing. */
    PassObserver NONE = new PassObserver() {
        @Override
        public void ran(int index, String pass, Module before, Module after, long nanoseconds) {}

        @Override
        public void failed(int index, String pass, Module before, RuntimeException problem) {}
    };

    /**
     * A pass ran; its result has been verified if the pipeline verifies after every pass.
     *
     * @param index its place in the pipeline, from 0
     * @param nanoseconds the time that it took, the verifier's not included
     */
    void ran(int index, String pass, Module before, Module after, long nanoseconds);

    /** A pass threw, or the verifier refused its result; the exception goes on to the caller. */
    void failed(int index, String pass, Module before, RuntimeException problem);
}
