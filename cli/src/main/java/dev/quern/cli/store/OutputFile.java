package dev.quern.cli.store;

import dev.quern.cli.terminal.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A file that a command was told to write. What a link points to is meant, not the link; a device or a pipe is written
 * to and stays what it is; a model or a bundle is never overwritten by what is neither.
 *
 * @param path the file itself
 * @param isPlain whether it is a file, or not there yet: then it can be written under another name and moved into place
 */
public record OutputFile(Path path, boolean isPlain) {
    /** How models begin, and zips. */
    private static final List<byte[]> PRECIOUS =
            List.of("GGUF".getBytes(StandardCharsets.US_ASCII), new byte[] {'P', 'K', 3, 4});

    /**
     * Looks at what is there.
     *
     * @throws StoreException if it is a folder, a model or a bundle, or lies in a folder that is not there
     */
    public static OutputFile of(Path target) throws IOException {
        if (!Files.exists(target)) {
            requireFolderOf(target);
            return new OutputFile(target, true);
        }
        Path real = target.toRealPath();
        if (Files.isDirectory(real)) {
            throw new StoreException(Visible.line(target) + " is a folder. Name a file.");
        }
        boolean isPlain = Files.isRegularFile(real);
        if (isPlain && isPrecious(real)) {
            throw new StoreException(
                    Visible.line(target) + " is a model or a bundle, and is not overwritten. Name another file.");
        }
        return new OutputFile(real, isPlain);
    }

    /**
     * Writes a text in UTF-8.
     *
     * @throws StoreException if it cannot be written, or if a model or a bundle would be overwritten
     */
    public static void write(Path named, String text) {
        try (StagedFile file = StagedFile.begin(named)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            file.complete();
        }
    }

    /**
     * Refuses what would lie in a folder that is not there, which is rather a mistake in its name than a wish.
     *
     * @throws StoreException if there is no such folder
     */
    public static void requireFolderOf(Path target) {
        Path folder = target.toAbsolutePath().normalize().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new StoreException(Visible.line(target) + " cannot be written: there is no folder "
                    + Visible.line(folder) + ". Make it, or name another place.");
        }
    }

    private static boolean isPrecious(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] beginning = stream.readNBytes(4);
            return PRECIOUS.stream().anyMatch(known -> Arrays.equals(known, beginning));
        }
    }
}
