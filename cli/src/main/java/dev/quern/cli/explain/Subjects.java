package dev.quern.cli.explain;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The values, weights and kernels of a model, of every module on its way, by name. */
public final class Subjects {
    private final History history;
    private final Set<String> values = new LinkedHashSet<>();
    private final Set<String> weights = new LinkedHashSet<>();
    private final Set<String> kernels = new LinkedHashSet<>();

    public Subjects(History history) {
        this.history = history;
        collect(history.model().imported());
        history.stages().forEach(stage -> collect(stage.after()));
        collect(history.model().selection().module());
        for (KernelDefinition kernel : history.model().selection().kernels()) {
            kernels.add(kernel.name());
        }
    }

    private void collect(Module module) {
        for (Weight weight : module.weights()) {
            weights.add(weight.name());
        }
        for (Function function : module.functions()) {
            for (Value parameter : function.parameters()) {
                values.add(parameter.name());
            }
            function.body().forEach(statement -> statement.results().forEach(result -> values.add(result.name())));
        }
    }

    /**
     * What there is to say on all things of a name.
     *
     * @param name {@code %value}, {@code @weight}, {@code @kernel}, any of them without the sign, a tensor of the model
     *     file, or a pattern with {@code *} and {@code ?}
     * @throws IllegalArgumentException if nothing has that name; the message names some that have a similar one
     */
    public List<Explanation> named(String name) {
        boolean local = name.startsWith("%");
        boolean global = name.startsWith("@");
        String bare = local || global ? name.substring(1) : name;
        Pattern pattern = Naming.glob(bare);
        List<Explanation> found = new ArrayList<>();
        if (!global) {
            for (String value : values) {
                if (pattern.matcher(value).matches()) {
                    found.addAll(new ValueFacts(history, value).explanations());
                }
            }
        }
        if (!local) {
            for (String weight : weights) {
                if (pattern.matcher(weight).matches() || isTensor(weight, pattern)) {
                    found.add(new WeightFacts(history, weight).explanation());
                }
            }
            for (String kernel : kernels) {
                if (pattern.matcher(kernel).matches()) {
                    found.add(new KernelFacts(history, kernel).explanation());
                }
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("Nothing in this model is named " + name + ". Similar names: "
                    + String.join(", ", similar(name, local, global)) + ".");
        }
        return found;
    }

    /** Whether the file's name of an imported weight, {@code blk.0.attn_q.weight}, was given. */
    private boolean isTensor(String weight, Pattern pattern) {
        return history.model()
                .imported()
                .weight(weight)
                .map(imported -> imported.sources().stream()
                        .anyMatch(source -> pattern.matcher(source).matches()))
                .orElse(false);
    }

    private List<String> similar(String name, boolean local, boolean global) {
        List<String> all = new ArrayList<>();
        if (!global) {
            values.forEach(value -> all.add((local ? "%" : "") + value));
        }
        if (!local) {
            weights.forEach(weight -> all.add((global ? "@" : "") + weight));
            kernels.forEach(kernel -> all.add((global ? "@" : "") + kernel));
        }
        return Naming.nearest(name, all);
    }
}
