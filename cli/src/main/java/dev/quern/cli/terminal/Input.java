package dev.quern.cli.terminal;

import java.io.InputStream;
import java.util.Properties;

/**
 * What the command is given to read.
 *
 * @param stream the bytes
 * @param isTerminal whether a person types them
 */
public record Input(InputStream stream, boolean isTerminal) {
    /** Nothing to read. */
    public static final Input EMPTY = new Input(InputStream.nullInputStream(), false);

    /** The standard input of this process; the launcher says in {@code quern.terminal} whether it is a terminal. */
    public static Input ofProcess(InputStream stream, Properties properties) {
        return new Input(stream, properties.getProperty("quern.terminal", "").contains("in"));
    }
}
