package dev.quern.ir.text.read;

import dev.quern.ir.text.Unseen;
import java.util.List;

/**
 * A text with the name by which people know it.
 *
 * @param name of the file
 * @param text its contents
 */
public record Source(String name, String text) {

    /** What is wrong at a place, as an exception to throw. */
    public ReadException error(At at, String message) {
        return new ReadException(this, List.of(new ReadException.Complaint(at, message)));
    }

    /** The message with its place, the line and a caret under the column. */
    String shown(At at, String message) {
        String line = line(at.line());
        StringBuilder caret = new StringBuilder();
        int[] characters = line.codePoints().limit(at.column() - 1L).toArray();
        for (int character : characters) {
            caret.append(character == '\t' ? '\t' : ' ');
        }
        return name + ":" + at.line() + ":" + at.column() + ": " + Unseen.escaped(message) + "\n  " + line + "\n  "
                + caret + "^";
    }

    private String line(int wanted) {
        int start = 0;
        for (int line = 1; line < wanted; line++) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                return "";
            }
            start = end + 1;
        }
        int end = text.indexOf('\n', start);
        String line = end < 0 ? text.substring(start) : text.substring(start, end);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
