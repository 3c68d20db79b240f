package dev.quern.codegen;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Module;
import dev.quern.ir.Weight;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A module lowered to kernels.
 *
 * @param module at the {@code dispatch} stage
 * @param kernels every instance that the module names, in order of first use
 * @param geometries of the weights that lie in tiles, by name, in order of first use
 * @param tables of the weights that are computed, by name
 * @param choices why each dispatch has its kernel, in the order of the dispatches
 * @param storageReasons why each weight is kept as it is, by name
 */
public record Selection(
        Module module,
        List<KernelDefinition> kernels,
        Map<String, TileGeometry> geometries,
        Map<String, Table> tables,
        List<Choice> choices,
        Map<String, String> storageReasons) {
    public Selection {
        kernels = List.copyOf(kernels);
        choices = List.copyOf(choices);
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

    /**
     * A weight that is computed when the bundle is written.
     *
     * @param contents what
     * @param factors the weight of the model that divides the frequencies
     */
    public record Table(RopeTable contents, Optional<Weight> factors) {}

    /** The kernel of that name. */
    public KernelDefinition kernel(String name) {
        return kernels.stream()
                .filter(kernel -> kernel.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kernel is named " + name));
    }
}
