package dev.quern.codegen;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A module lowered to kernels.
 *
 * @param module at the {@code dispatch} stage
 * @param definitions the kernel of each dispatch, in order of first use
 * @param geometries of the weights that lie in tiles, by name, in order of first use
 * @param storageReasons why each weight is kept as it is, by name
 */
public record Selection(
        Module module,
        Map<Dispatch, KernelDefinition> definitions,
        Map<String, TileGeometry> geometries,
        Map<String, String> storageReasons) {
    public Selection {
        definitions = Collections.unmodifiableMap(new LinkedHashMap<>(definitions));
        geometries = Collections.unmodifiableMap(new LinkedHashMap<>(geometries));
        storageReasons = Collections.unmodifiableMap(new LinkedHashMap<>(storageReasons));
    }

    /** Every kernel once, in order of first use. */
    public List<KernelDefinition> kernels() {
        return definitions.values().stream().distinct().toList();
    }

    /** The kernel that a dispatch runs. */
    public KernelDefinition kernel(Dispatch dispatch) {
        KernelDefinition kernel = definitions.get(dispatch);
        if (kernel == null) {
            throw new IllegalArgumentException("the module has no such dispatch: " + dispatch);
        }
        return kernel;
    }

    /** The kernel of that name. */
    public KernelDefinition kernel(String name) {
        return kernels().stream()
                .filter(kernel -> kernel.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kernel is named " + name));
    }

    /**
     * A decision for a kernel.
     *
     * @param function the name of the function
     * @param value the first result of the dispatch
     * @param kernel its name
     * @param reasons full sentences
     */
    public record Choice(String function, String value, String kernel, List<String> reasons) {
        public Choice {
            reasons = List.copyOf(reasons);
        }
    }

    /** Why each dispatch has its kernel, in the order of the dispatches. */
    public List<Choice> choices() {
        List<Choice> choices = new ArrayList<>();
        for (Function function : module.functions()) {
            for (Statement statement : function.body()) {
                if (statement.op() instanceof Dispatch dispatch) {
                    choices.add(new Choice(
                            function.name(),
                            statement.results().getFirst().name(),
                            kernel(dispatch).name(),
                            dispatch.why()));
                }
            }
        }
        return choices;
    }
}
