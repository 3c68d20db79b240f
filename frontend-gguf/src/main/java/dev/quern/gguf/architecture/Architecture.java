package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.ir.Module;

/** A family of models that share one graph: {@code general.architecture} names it. */
public interface Architecture {
    /** The value of {@code general.architecture}. */
    String name();

    /**
     * Reads the hyper-parameters.
     *
     * @param findings takes what is odd
     * @throws GgufException with all that is wrong
     */
    Hyperparameters hyperparameters(GgufFile file, Findings findings);

    /**
     * Looks for every tensor that the hyper-parameters ask for, with its shape and type, and for such that nobody asks
     * for.
     *
     * @param findings takes what is wrong or odd
     */
    void checkTensors(GgufFile file, Hyperparameters hyperparameters, Findings findings);

    /**
     * Builds the graph; see the package for its functions.
     *
     * @throws GgufException with all that is wrong with the file
     */
    Module build(GgufFile file, GraphOptions options);
}
