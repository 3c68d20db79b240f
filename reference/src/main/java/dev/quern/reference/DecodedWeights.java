package dev.quern.reference;

import dev.quern.ir.Encoding;
import dev.quern.ir.Weight;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights decoded from the bytes of a model file, each once: four bytes an element stay in memory. Weights with the
 * same sources, such as an embedding that serves as the output matrix too, share one array. For use by one thread.
 */
public final class DecodedWeights implements WeightSource {
    private record Key(Encoding encoding, List<Weight.Part> parts) {}

    private final TensorBytes tensors;
    private final Map<Key, float[]> cache = new HashMap<>();

    public DecodedWeights(TensorBytes tensors) {
        this.tensors = tensors;
    }

    @Override
    public float[] decoded(Weight weight) {
        Key key = new Key(weight.type().encoding(), weight.parts());
        float[] known = cache.get(key);
        if (known != null) {
            return known;
        }
        float[] decoded = decode(weight);
        cache.put(key, decoded);
        return decoded;
    }

    private float[] decode(Weight weight) {
        BlockCodec codec = BlockCodec.of(weight.type().encoding());
        List<ByteBuffer> parts = new ArrayList<>();
        long bytes = 0;
        for (Weight.Part source : weight.parts()) {
            ByteBuffer part = rows(source, weight);
            parts.add(part);
            bytes += part.limit();
        }
        if (bytes != weight.type().maxBytes()) {
            throw new IllegalArgumentException("the weight @" + weight.name() + " is " + weight.type() + ", "
                    + weight.type().maxBytes() + " bytes, and its sources " + weight.sources() + " hold " + bytes
                    + ".");
        }
        float[] decoded = new float[Math.toIntExact(weight.type().maxElements())];
        int at = 0;
        for (ByteBuffer part : parts) {
            at = codec.decode(part, decoded, at);
        }
        return decoded;
    }

    /** The bytes of the rows that are meant. */
    private ByteBuffer rows(Weight.Part part, Weight weight) {
        if (part.rows().isEmpty()) {
            return tensors.bytes(part.tensor());
        }
        Weight.RowRange rows = part.rows().get();
        long rowBytes = weight.type().encoding().bytesOf(weight.type().columns());
        long all = tensors.size(part.tensor()) / rowBytes;
        if (rows.end() > all) {
            throw new IllegalArgumentException("the weight @" + weight.name() + " has the rows " + rows.first() + " to "
                    + (rows.end() - 1) + " of " + part.tensor() + ", which has " + all + ".");
        }
        return tensors.bytes(part.tensor(), rows.first() * rowBytes, Math.toIntExact(rows.count() * rowBytes));
    }
}
