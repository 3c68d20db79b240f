package dev.quern.cli.ir;

import dev.quern.cli.arguments.PathArgument;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Visible;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text of the intermediate representation that was given on the command line.
 *
 * @param name how messages call it
 * @param folder where it lies, and what belongs to it
 * @param text its contents
 */
public record SourceText(String name, Path folder, String text) {
    /** The argument that stands for standard input. */
    public static final String STANDARD_INPUT = "-";

    /**
     * Reads a file, or standard input for {@code -}.
     *
     * @throws IrException if it is no text
     */
    public static SourceText read(String argument, Input input) throws IOException {
        if (argument.equals(STANDARD_INPUT)) {
            return of("standard input", Path.of(""), input.stream().readAllBytes());
        }
        Path file = PathArgument.of(argument);
        if (!Files.exists(file)) {
            throw new IrException("There is no file " + Visible.line(argument) + ".");
        }
        if (Files.isDirectory(file)) {
            throw new IrException(
                    Visible.line(argument) + " is a folder; a file of the intermediate representation is expected, as"
                            + " 'quern compile --dump-dir' writes them.");
        }
        Path parent = file.getParent();
        return of(Visible.line(argument), parent == null ? Path.of("") : parent, Files.readAllBytes(file));
    }

    private static SourceText of(String name, Path folder, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new SourceText(name, folder, text);
        } catch (CharacterCodingException e) {
            throw new IrException(
                    name + " is no text in UTF-8. A file of the intermediate representation is expected, as 'quern"
                            + " compile --dump-dir' writes them.",
                    e);
        }
    }
}
