package dev.quern.reference;

import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.Value;
import java.util.Optional;

/** Heads to put into place that lie side by side in one value: query, key, value. */
public final class SideBySide {
    private SideBySide() {}

    /** Rotated, and otherwise as they are. */
    public static PlaceHeads heads(
            Value x,
            Value position,
            Optional<Value> factors,
            Value keys,
            Value values,
            int heads,
            int keyValueHeads,
            Rotation rotation) {
        long queryWidth = (long) heads * rotation.headSize();
        long keyWidth = (long) keyValueHeads * rotation.headSize();
        return new PlaceHeads(
                new PlaceHeads.Part(x, 0),
                new PlaceHeads.Part(x, queryWidth),
                new PlaceHeads.Part(x, queryWidth + keyWidth),
                position,
                keys,
                values,
                factors,
                heads,
                keyValueHeads,
                Optional.of(rotation));
    }
}
