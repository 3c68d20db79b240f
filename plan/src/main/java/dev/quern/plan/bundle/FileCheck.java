package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import java.nio.ByteBuffer;

/** Compares a file's bytes, which come in order and in pieces, with the size and the hash in the manifest. */
public final class FileCheck {
    private final String bundle;
    private final Manifest.FileEntry file;
    private final Digest digest;
    private long bytes;

    FileCheck(String bundle, Manifest.FileEntry file, Digest digest) {
        this.bundle = bundle;
        this.file = file;
        this.digest = digest;
    }

    /** Takes in what remains of the piece; its position does not move. */
    public void update(ByteBuffer piece) {
        bytes += piece.remaining();
        digest.update(piece);
    }

    /** Throws {@link BundleException} if the file is not what the manifest says. */
    public void finish() {
        String found = digest.finishHex();
        if (bytes != file.bytes() || !found.equals(file.sha256())) {
            throw new BundleException(
                    bundle + ": " + file.name() + " is damaged: its SHA-256 is " + found + ", but the manifest says "
                            + file.sha256() + "; copy the bundle again, or compile the model again");
        }
    }
}
