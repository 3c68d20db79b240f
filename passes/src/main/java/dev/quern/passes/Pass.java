package dev.quern.passes;

import dev.quern.ir.Module;

/** A rewriting of modules that keeps what they compute. */
public interface Pass {

    /** The name on command lines and in messages: {@code fuse-norm}. */
    String name();

    /**
     * The rewritten module; the same object where there was nothing to do.
     *
     * @param report is told what was done, and what was not and why
     */
    Module run(Module module, PassReport report);

    /** The rewritten module, when nobody asks for the reasons. */
    default Module run(Module module) {
        return run(module, new PassReport());
    }
}
