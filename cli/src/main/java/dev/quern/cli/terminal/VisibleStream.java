package dev.quern.cli.terminal;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import org.jspecify.annotations.Nullable;

/**
 * A stream on which all text is {@link Visible}: whatever is printed, by whichever method, cannot steer the terminal.
 * Past this go only {@link #exact}, and bytes that are written as bytes.
 */
final class VisibleStream extends PrintStream {
    private final CharsetEncoder encoder;
    private final boolean spellsAll;

    /**
     * A stream over another.
     *
     * @param flushes whether every line is shown at once
     * @param charset what the reader of the stream takes bytes for; characters that it lacks are escaped
     */
    VisibleStream(OutputStream target, boolean flushes, Charset charset) {
        super(target, flushes, charset);
        encoder = charset.newEncoder();
        spellsAll = encoder.charset().name().startsWith("UTF-");
    }

    /** The stream itself if all its text is visible already. */
    static VisibleStream over(PrintStream target) {
        return target instanceof VisibleStream visible ? visible : new VisibleStream(target, false, target.charset());
    }

    /** Prints text with all that it does: our own bars and colours, or data. */
    void exact(String text) {
        super.print(text);
    }

    @Override
    public void print(@Nullable String text) {
        super.print(shown(String.valueOf(text)));
    }

    @Override
    public void print(@Nullable Object object) {
        print(String.valueOf(object));
    }

    @Override
    public void print(char character) {
        print(String.valueOf(character));
    }

    @Override
    public void print(char[] characters) {
        print(String.valueOf(characters));
    }

    private String shown(String text) {
        String visible = Visible.text(text);
        if (spellsAll || encoder.canEncode(visible)) {
            return visible;
        }
        StringBuilder spelled = new StringBuilder();
        visible.codePoints().forEach(codePoint -> {
            String character = Character.toString(codePoint);
            spelled.append(encoder.canEncode(character) ? character : Visible.escaped(codePoint));
        });
        return spelled.toString();
    }
}
