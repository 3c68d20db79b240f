package dev.quern.passes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pipelines that Quern runs. */
public final class Pipelines {
    /** The name of {@link #standard()}. */
    public static final String STANDARD = "standard";

    private Pipelines() {}

    /** Every pipeline by its name, in the order in which they are listed to people. */
    public static Map<String, Pipeline> all() {
        Map<String, Pipeline> pipelines = new LinkedHashMap<>();
        pipelines.put(STANDARD, standard());
        return pipelines;
    }

    /**
     * From an imported model to fused mathematics. A Llama layer comes out as six operations:
     *
     * <pre>
     * linear(norm, qkv) → rope_write → attention → linear(residual) → linear(norm, gated) → linear(residual)
     * </pre>
     */
    public static Pipeline standard() {
        return new Pipeline(List.of(
                step(
                        new FoldConstants(),
                        "First, since architectures write a scale by 1 rather than ask whether there is one, and every"
                                + " later pass would have to look through it."),
                step(
                        new EliminateCommonSubexpressions(),
                        "After folding has made equal operations look equal; before merging, which finds products of"
                                + " one input by the input's identity."),
                step(
                        new MergeProjections(),
                        "Before any fusion, while products still are plain products; the fusions of rotation and of the"
                                + " gate look for the columns that merging leaves."),
                step(
                        new FuseRopeWrite(),
                        "After merging, which puts query, key and value side by side, the form that it looks for."),
                step(
                        new EliminateDeadCode(),
                        "Fusion counts uses: a use by a dead statement would forbid what is allowed. Not before the"
                                + " rotation is fused: the last layer of prefill needs no queries, yet its keys and values"
                                + " are to come from the very weight that step uses."),
                step(
                        new FuseSwiGlu(),
                        "After merging, which puts gate over up; before the norm and the residual, so that the product"
                                + " is still plain."),
                step(
                        new FuseNorm(),
                        "After merging: then most norms have one product to go into and are computed once."),
                step(
                        new FuseResidual(),
                        "After the gate: the sum then follows the whole product. Its place against the norm is free."),
                step(
                        new EliminateDeadCode(),
                        "Last: drops the columns that fusion left and the weights that were merged into others.")));
    }

    private static Pipeline.Step step(Pass pass, String reason) {
        return new Pipeline.Step(pass, reason);
    }
}
