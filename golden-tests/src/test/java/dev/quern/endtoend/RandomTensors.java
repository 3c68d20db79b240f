package dev.quern.endtoend;

import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import dev.quern.ir.Encoding;
import dev.quern.reference.BlockEncoder;
import dev.quern.reference.RandomBlocks;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Writes tensors with random elements, the same in every run. */
final class RandomTensors implements TensorReceiver {
    private final GgufWriter writer;
    private final SplittableRandom random;

    RandomTensors(GgufWriter writer, SplittableRandom random) {
        this.writer = writer;
        this.random = random;
    }

    static Encoding encoding(GgufTensorType type) {
        return Encoding.named(type.name().toLowerCase(Locale.ROOT)).orElseThrow();
    }

    /**
     * Elements whose mean square is {@code gain} squared over the number of columns; in blocks, with every value of
     * their fields.
     */
    @Override
    public void matrix(String name, GgufTensorType type, int columns, int rows, double gain) {
        int count = columns * rows;
        byte[] data = switch (encoding(type)) {
            case Encoding.Scalar scalar ->
                BlockEncoder.of(scalar).encode(values(count, 0, gain * Math.sqrt(3.0 / columns)));
            case Encoding.Block block ->
                RandomBlocks.spread(random, block, count, gain / Math.sqrt(columns))
                        .array();
        };
        writer.tensor(name + ".weight", type, List.of((long) columns, (long) rows), data);
    }

    @Override
    public void vector(String name, int elements, double centre, double spread) {
        writer.tensor(
                name,
                GgufTensorType.F32,
                List.of((long) elements),
                BlockEncoder.of(Encoding.Scalar.F32).encode(values(elements, centre, spread)));
    }

    private float[] values(int count, double centre, double spread) {
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = (float) (centre + spread * (2 * random.nextDouble() - 1));
        }
        return values;
    }
}
