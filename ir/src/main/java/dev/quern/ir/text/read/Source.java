package dev.quern.ir.text.read;

import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/**
 * A text with the name by which people know it.
 *
 * @param name of the file
 * @param text its contents
 */
record Source(String name, String text) {

    ReadException error(Token at, String message) {
        return error(at.getLine(), at.getCharPositionInLine(), message);
    }

    ReadException error(ParserRuleContext at, String message) {
        return error(at.getStart(), message);
    }

    /** The message with its place, the line and a caret under the column, counted from 0. */
    ReadException error(int line, int column, String message) {
        String shown = line(line);
        StringBuilder caret = new StringBuilder();
        for (int index = 0; index < column && index < shown.length(); index++) {
            caret.append(shown.charAt(index) == '\t' ? '\t' : ' ');
        }
        return new ReadException(
                name + ":" + line + ":" + (column + 1) + ": " + message + "\n  " + shown + "\n  " + caret + "^",
                line,
                column + 1);
    }

    private String line(int wanted) {
        int start = 0;
        for (int line = 1; line < wanted && start >= 0; line++) {
            start = text.indexOf('\n', start) + 1;
        }
        int end = text.indexOf('\n', start);
        String line = end < 0 ? text.substring(start) : text.substring(start, end);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
