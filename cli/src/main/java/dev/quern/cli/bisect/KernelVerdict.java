package dev.quern.cli.bisect;

import dev.quern.cli.bisect.Observation.Gap;
import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.ir.Statement;
import java.util.Optional;

/** What became of the search for a kernel that does harm. */
public sealed interface KernelVerdict {

    /**
     * Every dispatch leaves what the interpreter computes.
     *
     * @param dispatches how many ran
     * @param again how many were computed again, from what the device itself had read, since rounding had added up
     * @param worst the largest distance of any result; empty if there was none to compare
     */
    record Agrees(int dispatches, int again, Optional<Gap> worst) implements KernelVerdict {}

    /**
     * A dispatch leaves something else than follows from what it read.
     *
     * @param dispatches how many ran, this one included
     * @param index its place in the function, from 0
     * @param gap how far its result is off what follows from what it read
     * @param op what is to be computed
     * @param dispatch how
     * @param kernel the kernel that does it
     */
    record Wrong(int dispatches, int index, Gap gap, Statement op, Statement dispatch, KernelDefinition kernel)
            implements KernelVerdict {}

    /**
     * No device was tried.
     *
     * @param reason why, in full sentences
     */
    record Skipped(String reason) implements KernelVerdict {}
}
