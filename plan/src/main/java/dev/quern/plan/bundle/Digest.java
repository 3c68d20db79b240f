package dev.quern.plan.bundle;

import java.nio.ByteBuffer;

/** SHA-256 over bytes that come in pieces, from the host. */
public interface Digest {
    /** Takes in all that remains of the piece; the buffer's position does not move. */
    void update(ByteBuffer piece);

    /** The hash of all pieces, 32 bytes; no call may follow. */
    byte[] finish();

    /** A digest over nothing so far. */
    @FunctionalInterface
    interface Factory {
        Digest begin();
    }

    /** The hash of all pieces, as 64 lower-case hexadecimal digits. */
    default String finishHex() {
        var hex = new StringBuilder(64);
        for (byte b : finish()) {
            hex.append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return hex.toString();
    }
}
