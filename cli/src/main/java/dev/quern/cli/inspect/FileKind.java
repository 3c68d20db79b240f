package dev.quern.cli.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a path holds, by its first bytes rather than its name. */
public enum FileKind {
    /** A model file, or something that its reader will refuse with the reason. */
    GGUF,
    /** A folder, or a zip archive. */
    BUNDLE;

    /** Looks at a path. */
    public static FileKind of(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return BUNDLE;
        }
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] magic = in.readNBytes(4);
            boolean zip = magic.length == 4 && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3 && magic[3] == 4;
            return zip ? BUNDLE : GGUF;
        }
    }
}
