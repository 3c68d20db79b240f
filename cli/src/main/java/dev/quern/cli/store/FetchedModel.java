package dev.quern.cli.store;

import dev.quern.cli.terminal.Progress;
import dev.quern.cli.terminal.Sizes;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file must be to be taken for the model at an address. */
final class FetchedModel {
    private FetchedModel() {}

    static void requireSameOrigin(URI address, Path target, Path origin) throws IOException {
        String known = Files.exists(origin) ? Files.readString(origin).strip() : "";
        if (!known.equals(address.toString())) {
            throw new StoreException(
                    target + " is already there and came from " + (known.isEmpty() ? "elsewhere" : known)
                            + ". Give this one another name with --as, or delete that file.");
        }
    }

    static void requireDigest(Path target, String sha256) throws IOException {
        String found = Sha256.of(target, Progress.NONE);
        if (!found.equals(sha256)) {
            throw new StoreException(target + " is already there with the SHA-256 " + found + ", but " + sha256
                    + " is asked for. Delete that file to fetch it again.");
        }
    }

    /** What begins like a model may still be none. */
    static void requireGguf(URI address, Path file) throws IOException {
        try (FileByteSource source = FileByteSource.openAlone(file)) {
            GgufReader.read(source);
        } catch (GgufException e) {
            throw new StoreException(
                    "What came from " + address + " (" + Sizes.bytes(Files.size(file))
                            + ") is no usable model and was deleted:\n" + e.getMessage(),
                    e);
        }
    }
}
