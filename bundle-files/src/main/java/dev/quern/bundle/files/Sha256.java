package dev.quern.bundle.files;

import dev.quern.plan.bundle.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of the platform. */
public final class Sha256 implements Digest {
    private final MessageDigest digest;

    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void update(ByteBuffer piece) {
        digest.update(piece.duplicate());
    }

    @Override
    public byte[] finish() {
        return digest.digest();
    }
}
