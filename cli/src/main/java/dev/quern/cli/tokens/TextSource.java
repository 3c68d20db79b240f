package dev.quern.cli.tokens;

import dev.quern.cli.store.Reasons;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import dev.quern.cli.terminal.Visible;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/** A text that was read: bytes, in UTF-8 if it is sound, at most {@value #MOST_BYTES}. */
public final class TextSource {
    /** What the memory that the launcher grants is enough for. */
    public static final int MOST_BYTES = 64 << 20;

    /** The argument that stands for standard input. */
    public static final String STANDARD_INPUT = "-";

    private static final int DECODED_AT_ONCE = 1 << 13;

    private final String name;
    private final byte[] bytes;
    private final boolean isWhole;

    private TextSource(String name, byte[] bytes, boolean isWhole) {
        this.name = name;
        this.bytes = bytes;
        this.isWhole = isWhole;
    }

    /** A text that was given as an argument. */
    public static TextSource argument(byte[] bytes) {
        return new TextSource("the argument", bytes, true);
    }

    /**
     * Reads standard input.
     *
     * @param what is read, for a person who is to type it
     */
    public static TextSource standardInput(String what, Input input, Terminal terminal) throws IOException {
        if (input.isTerminal()) {
            terminal.err().println("Reading " + what + " from the terminal; Ctrl-D on a line of its own ends it.");
        }
        return of("standard input", input.read(MOST_BYTES + 1));
    }

    /**
     * Reads a file; it may be a pipe.
     *
     * @throws IllegalArgumentException if it cannot be read
     */
    public static TextSource file(Path file) {
        String name = Visible.line(file);
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(name + " is a folder; a file with a text is expected.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return of(name, in.readNBytes(MOST_BYTES + 1));
        } catch (IOException e) {
            throw new IllegalArgumentException(name + " cannot be read: " + Reasons.of(e) + ".", e);
        }
    }

    private static TextSource of(String name, byte[] read) {
        return read.length > MOST_BYTES
                ? new TextSource(name, Arrays.copyOf(read, MOST_BYTES), false)
                : new TextSource(name, read, true);
    }

    /** What it was read from, for messages. */
    public String name() {
        return name;
    }

    /** The text itself; the array belongs to this. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether that is all there was. */
    public boolean isWhole() {
        return isWhole;
    }

    /** Where the first byte stands that belongs to no character in UTF-8, counted from 1. */
    public OptionalInt firstThatIsNoUtf8() {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(DECODED_AT_ONCE);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, out, isWhole);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(in, out, isWhole);
        }
        return result.isError() ? OptionalInt.of(in.position() + 1) : OptionalInt.empty();
    }

    /**
     * The same without what editors and shells add to a text: a byte-order mark at its beginning and one line end at
     * its end. All else stays, also bytes that are no UTF-8.
     *
     * @throws IllegalArgumentException if it begins as UTF-16 does
     */
    public TextSource trimmed() {
        int start = startsWith(0xEF, 0xBB, 0xBF) ? 3 : 0;
        if (startsWith(0xFF, 0xFE) || startsWith(0xFE, 0xFF)) {
            throw new IllegalArgumentException(
                    name + " is a text in UTF-16, by the mark at its beginning; UTF-8 is expected. 'iconv -f UTF-16 -t"
                            + " UTF-8' converts it.");
        }
        int end = bytes.length;
        if (isWhole && end > start && bytes[end - 1] == '\n') {
            end--;
            if (end > start && bytes[end - 1] == '\r') {
                end--;
            }
        }
        return start == 0 && end == bytes.length
                ? this
                : new TextSource(name, Arrays.copyOfRange(bytes, start, end), isWhole);
    }

    private boolean startsWith(int... mark) {
        for (int at = 0; at < mark.length; at++) {
            if (bytes.length <= at || (bytes[at] & 0xFF) != mark[at]) {
                return false;
            }
        }
        return true;
    }
}
