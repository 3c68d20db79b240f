package dev.quern.cli.bisect;

import dev.quern.cli.bisect.Observation.Gap;
import dev.quern.ir.Module;
import java.util.List;
import java.util.Optional;

/** What became of the search for a pass that does harm. */
public sealed interface PassVerdict {
    /** How many passes there are. */
    int passes();

    /** After how many passes a module was computed, in the order of the search. */
    List<Integer> evaluated();

    /**
     * With all passes, the module agrees with the module before the first.
     *
     * @param worst the largest distance; empty if no function gives anything back
     * @param module with all passes
     * @param observation what that module computes
     */
    record Agrees(int passes, List<Integer> evaluated, Optional<Gap> worst, Module module, Observation observation)
            implements PassVerdict {}

    /**
     * A pass breaks agreement: the module before it agrees, the module after it does not.
     *
     * @param index its place, from 0
     * @param pass its name
     * @param before the largest distance without it; empty where it is the first that changed anything
     * @param after the largest distance with it
     * @param first the first value with the same name on both sides that differs; empty if the pass left none of those
     *     that do
     * @param moduleBefore what the pass was given
     * @param moduleAfter what it made of it
     */
    record Breaks(
            int passes,
            List<Integer> evaluated,
            int index,
            String pass,
            Optional<Gap> before,
            Gap after,
            Optional<Gap> first,
            Module moduleBefore,
            Module moduleAfter)
            implements PassVerdict {}

    /**
     * A pass threw, or the verifier refused its result; what came before it agrees.
     *
     * @param index its place, from 0
     * @param pass its name
     * @param problem what was said
     * @param moduleBefore what the pass was given
     */
    record Fails(int passes, List<Integer> evaluated, int index, String pass, String problem, Module moduleBefore)
            implements PassVerdict {}
}
