package dev.quern.plan.text;

import dev.quern.ir.text.read.At;
import dev.quern.ir.text.read.Tree;
import dev.quern.plan.Plan;
import dev.quern.plan.verify.PlanPlace;
import java.util.List;

/**
 * What a text at the stage {@code plan} holds.
 *
 * @param model the name in its first line
 * @param plan the plan; kernels whose source was not at hand have an empty one
 * @param missingSources the files of WGSL that were not at hand, in the order of the kernels; a plan that lacks some
 *     prints and verifies, but does not run
 * @param tree where everything stands
 */
public record TextPlan(String model, Plan plan, List<String> missingSources, Tree tree) {
    public TextPlan {
        missingSources = List.copyOf(missingSources);
    }

    /** The text again. */
    public String write() {
        return PlanWriter.write(model, plan);
    }

    /** Where a part of the plan stands in the text. */
    public At at(PlanPlace place) {
        return switch (place) {
            case PlanPlace.OfPlan plan -> tree.name().at();
            case PlanPlace.OfSymbol symbol ->
                tree.declarations().stream()
                        .filter(Tree.Declaration.Symbol.class::isInstance)
                        .toList()
                        .get(symbol.index())
                        .at();
            case PlanPlace.OfWeight weight ->
                tree.declarations().stream()
                        .filter(Tree.Declaration.Weight.class::isInstance)
                        .toList()
                        .get(weight.index())
                        .at();
            case PlanPlace.OfBuffer buffer -> other("buffer", buffer.index());
            case PlanPlace.OfKernel kernel -> other("kernel", kernel.index());
            case PlanPlace.OfMemory memory -> other("memory", 0);
            case PlanPlace.OfRegion region -> other("region", region.index());
            case PlanPlace.OfEntryPoint entryPoint ->
                tree.functions().get(entryPoint.index()).at();
            case PlanPlace.OfStep step -> statement(step).at();
            case PlanPlace.OfBinding binding ->
                statement(binding.step()).arguments().get(binding.index()).at();
        };
    }

    private Tree.Statement statement(PlanPlace.OfStep step) {
        return tree.functions().get(step.entryPoint()).body().get(step.index());
    }

    private At other(String word, int index) {
        return tree.declarations().stream()
                .filter(declaration -> declaration instanceof Tree.Declaration.Other other
                        && other.word().text().equals(word))
                .toList()
                .get(index)
                .at();
    }
}
