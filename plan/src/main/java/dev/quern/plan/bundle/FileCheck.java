package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Compares a file's bytes, which come in order and in pieces, with the size and the hash in the manifest. Of a file
 * that is known to have that hash only the size is compared.
 */
public final class FileCheck {
    private final String bundle;
    private final Manifest.FileEntry file;
    private final KnownFiles known;
    private final @Nullable Digest digest;
    private long bytes;

    FileCheck(String bundle, Manifest.FileEntry file, Digest.Factory digests, KnownFiles known) {
        this.bundle = bundle;
        this.file = file;
        this.known = known;
        if (known.holds(file)) {
            digest = null;
        } else {
            known.begin(file);
            digest = digests.begin();
        }
    }

    /** Takes in what remains of the piece; its position does not move. */
    public void update(ByteBuffer piece) {
        bytes += piece.remaining();
        if (digest != null) {
            digest.update(piece);
        }
    }

    /** Throws {@link BundleException} if the file is not what the manifest says. */
    public void finish() {
        if (bytes != file.bytes()) {
            throw damaged("it has " + bytes + " bytes, but the manifest says " + file.bytes());
        }
        if (digest != null) {
            String found = digest.finishHex();
            if (!found.equals(file.sha256())) {
                throw damaged("its SHA-256 is " + found + ", but the manifest says " + file.sha256());
            }
            known.verified(file);
        }
    }

    private BundleException damaged(String how) {
        return new BundleException(bundle + ": " + file.name() + " is damaged: " + how
                + "; copy the bundle again, or compile the model again");
    }
}
