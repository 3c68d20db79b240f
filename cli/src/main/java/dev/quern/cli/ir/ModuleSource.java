package dev.quern.cli.ir;

import dev.quern.cli.terminal.Input;
import dev.quern.ir.Module;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.text.read.Reading;
import dev.quern.ir.verify.Place;
import dev.quern.ir.verify.Problem;
import dev.quern.ir.verify.Verifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A module as text, read and verified, which knows the lines that its parts stand on. */
public final class ModuleSource {
    /** The argument that stands for standard input. */
    public static final String STANDARD_INPUT = "-";

    private final String name;
    private final List<String> lines;
    private final Reading reading;

    private ModuleSource(String name, List<String> lines, Reading reading) {
        this.name = name;
        this.lines = lines;
        this.reading = reading;
    }

    /**
     * Reads a file, or standard input for {@code -}.
     *
     * @throws dev.quern.ir.text.read.ReadException if it is no module
     * @throws IrException if it is none that the verifier accepts, or no text at all
     */
    public static ModuleSource read(String argument, Input standardInput) throws IOException {
        if (argument.equals(STANDARD_INPUT)) {
            return of("standard input", standardInput.stream().readAllBytes());
        }
        Path file = Path.of(argument);
        if (!Files.exists(file)) {
            throw new IrException("There is no file " + argument + ".");
        }
        if (Files.isDirectory(file)) {
            throw new IrException(argument + " is a folder; a file of the intermediate representation is expected, as"
                    + " 'quern compile --dump-dir' writes them.");
        }
        return of(argument, Files.readAllBytes(file));
    }

    private static ModuleSource of(String name, byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IrException(
                    name + " is no text in UTF-8. A file of the intermediate representation is expected, as 'quern"
                            + " compile --dump-dir' writes them.",
                    e);
        }
        Reading reading = Reader.readWithLines(name, text);
        ModuleSource source = new ModuleSource(name, text.lines().toList(), reading);
        List<String> messages = new ArrayList<>();
        for (Problem problem : Verifier.problems(reading.module())) {
            messages.add(source.at(problem.place(), problem.sentence()));
        }
        if (!messages.isEmpty()) {
            throw new IrException(String.join("\n", messages));
        }
        return source;
    }

    /** How messages call the text. */
    public String name() {
        return name;
    }

    /** The module. */
    public Module module() {
        return reading.module();
    }

    /**
     * What is said of a place in the module, said at its line:
     *
     * <pre>
     * tiny.qir:4:3: the sentence
     *   %y = add %a, %b : f32[1, 8]
     *   ^
     * </pre>
     */
    public String at(Place place, String sentence) {
        int number = reading.line(place);
        String line = lines.get(number - 1);
        int column = line.length() - line.stripLeading().length();
        String caret = line.substring(0, column) + "^";
        return name + ":" + number + ":" + (column + 1) + ": " + sentence + "\n  " + line + "\n  " + caret;
    }
}
