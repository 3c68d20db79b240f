package dev.quern.cli.bisect;

import dev.quern.ir.Encoding;
import dev.quern.ir.Weight;
import dev.quern.reference.DecodedWeights;
import dev.quern.reference.TensorBytes;
import dev.quern.reference.WeightSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights decoded from a model file and kept as long as there is room; what finds none is decoded at each use. Weights
 * with the same sources share one array.
 */
public final class BudgetedWeights implements WeightSource {
    private record Key(Encoding encoding, List<Weight.Part> parts) {}

    private final TensorBytes tensors;
    private final Map<Key, float[]> kept = new HashMap<>();
    private long left;

    /**
     * Weights of a file.
     *
     * @param budget bytes that decoded weights may take together
     */
    public BudgetedWeights(TensorBytes tensors, long budget) {
        this.tensors = tensors;
        this.left = budget;
    }

    @Override
    public float[] decoded(Weight weight) {
        Key key = new Key(weight.type().encoding(), weight.parts());
        float[] known = kept.get(key);
        if (known == null) {
            known = new DecodedWeights(tensors).decoded(weight);
            long bytes = (long) known.length * Float.BYTES;
            if (bytes <= left) {
                left -= bytes;
                kept.put(key, known);
            }
        }
        return known;
    }
}
