package dev.quern.cli.chat;

import dev.quern.cli.chat.LineSource.Read;
import java.io.IOException;

/**
 * Puts messages together of lines: a line that ends with a backslash goes on in the next, and what begins with three
 * quotes ends with three.
 */
final class MessageReader {
    /** What stands before the lines of a message but the first. */
    static final String MORE = ". ";

    private static final String FIRST = "> ";
    private static final String QUOTES = "\"\"\"";

    private final LineSource lines;

    MessageReader(LineSource lines) {
        this.lines = lines;
    }

    /** The next message, without the marks that join its lines; or that there is none. */
    Read read() throws IOException {
        Read begin = lines.read(FIRST);
        if (!(begin instanceof Read.Line line)) {
            return begin;
        }
        Read message = line.text().stripLeading().startsWith(QUOTES)
                ? quoted(line.text().stripLeading().substring(QUOTES.length()))
                : joined(line.text());
        if (message instanceof Read.Line whole && !whole.text().isBlank()) {
            lines.remember(whole.text());
        }
        return message;
    }

    private Read quoted(String first) throws IOException {
        StringBuilder text = new StringBuilder();
        String line = first;
        boolean isFirst = true;
        while (!line.stripTrailing().endsWith(QUOTES)) {
            // Quotes alone on the first line open a text that begins in the next.
            text.append(isFirst && line.isEmpty() ? "" : line + "\n");
            isFirst = false;
            Read next = lines.read(MORE);
            if (next instanceof Read.End) {
                return new Read.Line(text.toString().stripTrailing());
            }
            if (!(next instanceof Read.Line more)) {
                return next;
            }
            line = more.text();
        }
        String last = line.stripTrailing();
        text.append(last, 0, last.length() - QUOTES.length());
        int length = text.length();
        boolean endsWithLine = length > 0 && text.charAt(length - 1) == '\n';
        return new Read.Line(endsWithLine ? text.substring(0, length - 1) : text.toString());
    }

    private Read joined(String first) throws IOException {
        StringBuilder text = new StringBuilder(first);
        while (!text.isEmpty() && text.charAt(text.length() - 1) == '\\') {
            text.setCharAt(text.length() - 1, '\n');
            Read next = lines.read(MORE);
            if (next instanceof Read.End) {
                break;
            }
            if (!(next instanceof Read.Line more)) {
                return next;
            }
            text.append(more.text());
        }
        return new Read.Line(text.toString());
    }
}
