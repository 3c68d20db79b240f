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
     * linear(norm, qkv) → place_heads → attention → linear(%h + #0) → linear(norm, silu(#0) * #1) → linear(%h + #0)
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
                        new FuseMaps(),
                        "After folding, so that numbers that change nothing are gone; before merging, which looks for"
                                + " products that one function reads."),
                step(
                        new MergeProjections(),
                        "Before products are fused, while they still are plain; the fusions of rotation and of what"
                                + " finishes a product look for the columns that merging leaves."),
                step(
                        new MergeMaps(),
                        "After merging, which leaves the parts of a product with a bias each; before heads are put into"
                                + " place, which are then columns of few values, and before products are finished."),
                step(new FusePlaceHeads(), "After merging: then query, key and value are columns of few products."),
                step(
                        new EliminateDeadCode(),
                        "Fusion counts uses: a use by a dead statement would forbid what is allowed. Not before the"
                                + " heads are placed: the last layer of prefill needs no queries, yet its keys and values"
                                + " are to come from the very weight that step uses."),
                step(
                        new FuseFinish(),
                        "After merging, which puts gate over up, and after maps have met, so that one finish holds all"
                                + " that follows a product. Its place against the norm is free."),
                step(
                        new FuseNorm(),
                        "After merging: then most norms have one product to go into and are computed once."),
                step(
                        new FuseProducts(),
                        "After merging, which leaves apart only what it must, and after all that is fused into single"
                                + " products: what stands side by side is closed."),
                step(
                        new FusePostNorm(),
                        "After products stand side by side, all of which may read a sum that one dispatch computes."),
                step(
                        new EliminateDeadCode(),
                        "Last: drops the columns that fusion left and the weights that were merged into others.")));
    }

    private static Pipeline.Step step(Pass pass, String reason) {
        return new Pipeline.Step(pass, reason);
    }
}
