package dev.quern.text.chat;

import dev.quern.text.chat.ChatTemplateException.Kind;
import org.jspecify.annotations.Nullable;

/** One rendering: where it stands in the template, and what it may still spend. */
final class Evaluation {
    /** Expressions and statements that may be evaluated, with what handling long text costs. */
    static final long STEPS = 10_000_000;

    /** Characters of one string, and of the whole output. */
    static final int TEXT = 1 << 24;

    /** Items of one list. */
    static final int ITEMS = 1 << 20;

    /** Expressions, blocks and macro calls within each other. */
    static final int DEPTH = 400;

    /** Characters whose handling costs as much as one step. */
    private static final int CHARACTERS_A_STEP = 64;

    private final Source source;
    private int at;
    private long steps;
    private int depth;
    private Value.@Nullable Dict message;

    Evaluation(Source source) {
        this.source = source;
    }

    /** Says what problems are about from here on. */
    void at(int place) {
        at = place;
    }

    /** Remembers the message of the request that the template looks at, so that a problem can name it. */
    void looksAt(Value value) {
        if (value instanceof Value.Dict dict && !dict.origin().isEmpty()) {
            message = dict;
        }
    }

    /** A problem at the current place, with the message that was looked at last. */
    ChatTemplateException problem(String detail) {
        Value.Dict last = message;
        if (last == null) {
            return source.problem(Kind.EVALUATION, detail, at);
        }
        String sentence = detail.endsWith(".") ? detail.substring(0, detail.length() - 1) : detail;
        Value content = last.get("content");
        boolean isEmpty = content == null || content.equals(Values.NONE);
        return source.problem(
                Kind.EVALUATION,
                sentence + " (the message looked at last is " + last.origin()
                        + (isEmpty ? ", which has no content: an empty text, \"\", may do" : "") + ").",
                at);
    }

    ChatTemplateException unsupported(String detail) {
        return source.problem(Kind.UNSUPPORTED, detail, at);
    }

    ChatTemplateException refused(String message) {
        return source.problem(Kind.REFUSED, message, at);
    }

    ChatTemplateException limit(String detail) {
        return source.problem(Kind.LIMIT, detail, at);
    }

    void step() {
        spend(1);
    }

    /** Pays for handling so many characters, as a string that there may be. */
    void characters(long count) {
        lengthen(0, count);
    }

    /** Pays for making a string longer. */
    void lengthen(long length, long more) {
        if (length + more > TEXT) {
            throw limit("a string of " + (length + more) + " characters; at most " + TEXT + " are allowed.");
        }
        spend(more / CHARACTERS_A_STEP);
    }

    /** Pays for handling so many items, as a list that there may be. */
    void items(long count) {
        if (count > ITEMS) {
            throw limit("a list of " + count + " items; at most " + ITEMS + " are allowed.");
        }
        spend(count / 4);
    }

    private void spend(long more) {
        steps += more;
        if (steps > STEPS) {
            throw limit("rendering took more than " + STEPS + " steps.");
        }
    }

    void enter() {
        if (++depth > DEPTH) {
            throw limit("expressions, blocks and macro calls stand more than " + DEPTH + " deep in each other.");
        }
        step();
    }

    void leave() {
        depth--;
    }
}
