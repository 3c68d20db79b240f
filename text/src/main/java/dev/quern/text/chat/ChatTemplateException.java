package dev.quern.text.chat;

/**
 * A chat template could not be read or rendered, or refused the conversation. The message is a sentence for people,
 * with line and column of the template where they are known.
 */
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose fault it is, roughly. */
    public enum Kind {
        /** The template's text is no template. */
        SYNTAX,
        /** The template uses something that is not known here; the message names it. */
        UNSUPPORTED,
        /** An expression of the template cannot be computed with these values. */
        EVALUATION,
        /** The template itself refuses the conversation, through {@code raise_exception}. */
        REFUSED,
        /** The template wants more time, text or depth than any sensible template needs. */
        LIMIT,
        /** The request holds something that templates cannot see, such as an object of an unknown class. */
        REQUEST
    }

    private final Kind kind;
    private final String detail;
    private final int line;
    private final int column;

    ChatTemplateException(Kind kind, String detail, int line, int column) {
        super(sentence(kind, detail, line, column));
        this.kind = kind;
        this.detail = detail;
        this.line = line;
        this.column = column;
    }

    /** A problem of the request, which has no place in the template. */
    static ChatTemplateException ofRequest(String detail) {
        return new ChatTemplateException(Kind.REQUEST, detail, 0, 0);
    }

    private static String sentence(Kind kind, String detail, int line, int column) {
        String place = "line " + line + ", column " + column;
        return switch (kind) {
            case SYNTAX -> "The chat template cannot be read at " + place + ": " + detail;
            case UNSUPPORTED -> "The chat template uses what is not supported, at " + place + ": " + detail;
            case EVALUATION -> "The chat template cannot be rendered, at " + place + ": " + detail;
            case REFUSED -> "The chat template refuses this conversation: " + detail + " (raised at " + place + ")";
            case LIMIT -> "The chat template was stopped at " + place + ": " + detail;
            case REQUEST -> "The chat request cannot be given to a template: " + detail;
        };
    }

    /** What kind of problem it is. */
    public Kind kind() {
        return kind;
    }

    /** What is wrong, without place and introduction; of a refusal, the template's own words. */
    public String detail() {
        return detail;
    }

    /** The line of the template, from 1; 0 where the problem has no place. */
    public int line() {
        return line;
    }

    /** The column in UTF-16 units, from 1; 0 where the problem has no place. */
    public int column() {
        return column;
    }
}
