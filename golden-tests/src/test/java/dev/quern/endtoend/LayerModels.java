package dev.quern.endtoend;

import dev.quern.endtoend.FamilyCases.Case;
import dev.quern.gguf.GgufTensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small model of every family, in one encoding and in a mix, for the golden file of what their layers compute. */
public final class LayerModels {
    /** Layers that have others before and behind them; their encodings differ in a mix. */
    public static final List<Integer> LAYERS = List.of(1, 2);

    private LayerModels() {}

    /** The files by name. */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> models = new LinkedHashMap<>();
        for (Kind kind : FamilyCases.families()) {
            for (Recipe recipe : List.of(Recipe.uniform(GgufTensorType.Q8_0), Recipe.MIXES.getFirst())) {
                Case model = FamilyCases.ofFourLayers(kind, recipe);
                models.put(kind.name() + ", " + recipe.name(), model.write());
            }
        }
        return models;
    }
}
