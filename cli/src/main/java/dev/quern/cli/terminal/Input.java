package dev.quern.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * What the command is given to read.
 *
 * @param stream the bytes
 * @param isTerminal whether a person types them
 * @param charset what bytes are that a person types; a file or a pipe is UTF-8
 */
public record Input(InputStream stream, boolean isTerminal, Charset charset) {
    /** Nothing to read. */
    public static final Input EMPTY = new Input(InputStream.nullInputStream(), false);

    /** Of UTF-8. */
    public Input(InputStream stream, boolean isTerminal) {
        this(stream, isTerminal, StandardCharsets.UTF_8);
    }

    /** The standard input of this process; the launcher says in {@code quern.terminal} whether it is a terminal. */
    public static Input ofProcess(InputStream stream, Properties properties) {
        boolean isTerminal = properties.getProperty("quern.terminal", "").contains("in");
        return new Input(stream, isTerminal, Terminal.charset(isTerminal, properties, "stdin.encoding"));
    }

    /** As many bytes of text in UTF-8 as there are, at most {@code most}. */
    public byte[] read(int most) throws IOException {
        byte[] bytes = stream.readNBytes(most);
        return charset.equals(StandardCharsets.UTF_8)
                ? bytes
                : new String(bytes, charset).getBytes(StandardCharsets.UTF_8);
    }
}
