package dev.quern.endtoend;

import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.GgufTensorType;
import java.util.LinkedHashMap;
import java.util.Map;

/** Model files that are the same wherever they are written, for the golden files of whole models. */
public final class NamedModels {
    private NamedModels() {}

    /** The files by name. */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> models = new LinkedHashMap<>();
        models.put(
                "tiny-llama",
                RandomModels.write(
                        new Shape("tiny", 64, 2, 4, 2, 16, 96, true, Rope.PLAIN), Recipe.uniform(GgufTensorType.Q8_0)));
        models.put(
                "tiny-llama-mixed",
                RandomModels.write(
                        new Shape("tiny with large blocks", 256, 3, 4, 1, 64, 352, false, Rope.FACTORS),
                        Recipe.MIXES.getFirst()));
        return models;
    }
}
