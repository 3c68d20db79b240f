package dev.quern.text.chat;

import dev.quern.text.chat.ChatTemplateException.Kind;

/** A template's text with its line ends made alike, and places in it. */
record Source(String text) {
    /** Every line end becomes a line feed; one at the very end is dropped. */
    static Source of(String original) {
        StringBuilder text = new StringBuilder(original.length());
        for (int at = 0; at < original.length(); at++) {
            char unit = original.charAt(at);
            if (unit == '\r') {
                text.append('\n');
                if (at + 1 < original.length() && original.charAt(at + 1) == '\n') {
                    at++;
                }
            } else {
                text.append(unit);
            }
        }
        if (text.length() > 0 && text.charAt(text.length() - 1) == '\n') {
            text.setLength(text.length() - 1);
        }
        return new Source(text.toString());
    }

    /** A problem at a place. */
    ChatTemplateException problem(Kind kind, String detail, int at) {
        int line = 1;
        int start = 0;
        int end = Math.min(at, text.length());
        for (int index = 0; index < end; index++) {
            if (text.charAt(index) == '\n') {
                line++;
                start = index + 1;
            }
        }
        return new ChatTemplateException(kind, detail, line, end - start + 1);
    }

    ChatTemplateException syntax(String detail, int at) {
        return problem(Kind.SYNTAX, detail, at);
    }

    ChatTemplateException unsupported(String detail, int at) {
        return problem(Kind.UNSUPPORTED, detail, at);
    }
}
