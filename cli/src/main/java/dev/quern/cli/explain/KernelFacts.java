package dev.quern.cli.explain;

import dev.quern.cli.explain.Explanation.Fact;
import dev.quern.codegen.Selection;
import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells of a kernel: what it is made of, what it is fixed to, who runs it and why. */
final class KernelFacts {
    private final Selection selection;
    private final KernelDefinition kernel;

    KernelFacts(History history, String name) {
        this.selection = history.model().selection();
        this.kernel = selection.kernel(name);
    }

    Explanation explanation() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact(
                "linked of",
                String.join(
                        ", ",
                        kernel.sources().stream().map(file -> file + ".wgsl").toList())));
        for (Constant constant : kernel.constants()) {
            facts.add(new Fact(
                    "fixed to",
                    constant.name() + " = "
                            + switch (constant) {
                                case Constant.Whole whole -> Long.toString(whole.value());
                                case Constant.Real real -> Float.toString(real.value());
                            }));
        }
        for (int index = 0; index < kernel.slots().size(); index++) {
            KernelDefinition.Slot slot = kernel.slots().get(index);
            facts.add(new Fact(
                    "binds",
                    index + ": " + slot.name() + ", "
                            + switch (slot.access()) {
                                case READ, READ_WRITE, UNIFORM -> slot.access().text() + " of " + slot.element();
                                case TEXTURE, SAMPLED_TEXTURE -> slot.access().text();
                            }
                            + (slot.count() == 0 ? "" : ", " + slot.count() + " at the most")));
        }
        for (Kernel.Feature feature : kernel.features()) {
            facts.add(new Fact("needs", feature.text()));
        }
        Map<List<String>, Integer> reasons = new LinkedHashMap<>();
        Map<String, Integer> users = new LinkedHashMap<>();
        for (Selection.Choice choice : selection.choices()) {
            if (choice.kernel().equals(kernel.name())) {
                reasons.merge(
                        choice.reasons().stream().map(Naming::withoutLayers).toList(), 1, Integer::sum);
                users.merge("@" + choice.function() + ", %" + Naming.withoutLayers(choice.value()), 1, Integer::sum);
            }
        }
        users.forEach(
                (user, count) -> facts.add(new Fact("computes", user + (count == 1 ? "" : ", " + count + " times"))));
        for (List<String> why : reasons.keySet()) {
            why.forEach(reason -> facts.add(new Fact("why", reason)));
        }
        return new Explanation("kernel @" + kernel.name(), facts);
    }
}
