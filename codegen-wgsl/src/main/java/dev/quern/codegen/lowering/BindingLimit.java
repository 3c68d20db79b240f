package dev.quern.codegen.lowering;

import dev.quern.plan.DeviceProfile;
import dev.quern.plan.DeviceProfile.Limits;
import dev.quern.plan.Placement;
import dev.quern.plan.WeightSpec;

/** How many bytes a device binds at a time. */
public final class BindingLimit {
    private BindingLimit() {}

    /** Bytes of a matrix where the profile keeps matrices. */
    static long ofMatrix(DeviceProfile profile) {
        return of(profile.placement(), profile.limits());
    }

    /** Bytes of a buffer. */
    public static long ofBuffer(DeviceProfile profile) {
        return of(Placement.BUFFER, profile.limits());
    }

    /**
     * Bytes of a matrix wherever it is kept, so that plans which keep matrices in different places can share weights.
     */
    public static long anywhere(DeviceProfile profile) {
        long least = Long.MAX_VALUE;
        for (Placement placement : Placement.values()) {
            least = Math.min(least, of(placement, profile.limits()));
        }
        return least;
    }

    /**
     * Refuses what is kept of each position and is more than a device binds.
     *
     * @param what a noun, for people
     * @param positions that there are
     * @param bytes of all of them
     * @throws SelectionException that says for how many positions there is room
     */
    public static void ofPositions(String what, long positions, long bytes, DeviceProfile profile) {
        long limit = ofBuffer(profile);
        if (bytes > limit) {
            throw new SelectionException(
                    what + " of " + positions + " positions takes " + bytes + " bytes; the profile "
                            + profile.name() + " can bind " + limit + " at a time, which is room for "
                            + limit / Math.ceilDiv(bytes, positions) + " positions. Ask for a context of at most that"
                            + " (--context), or for a smaller encoding of keys and values (--cache).");
        }
    }

    private static long of(Placement placement, Limits limits) {
        return switch (placement) {
            case BUFFER -> Math.min(limits.maxStorageBufferBindingSize(), limits.maxBufferSize());
            case TEXTURE, SAMPLED_TEXTURE ->
                (long) limits.maxTextureDimension2D() * WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;
        };
    }
}
