package dev.quern.text.chat;

import dev.quern.text.chat.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into tokens. White space around tags is decided here, as chat templates expect it: a line feed after
 * a block tag or a comment goes away, and so do the blanks before one that is first in its line; {@code -} at a tag's
 * edge takes all white space there, {@code +} keeps it.
 */
final class Lexer {
    private static final String[] OPERATORS = {
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=",
        ".", ":", "|", ",", ";"
    };

    private final Source source;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    /** Whether what comes next is the first thing in its line. */
    private boolean lineStarts = true;

    private Lexer(Source source) {
        this.source = source;
        this.text = source.text();
    }

    /** All tokens; the last is {@link Kind#END}. */
    static List<Token> tokens(Source source) {
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (true) {
            int tag = nextTag();
            if (tag < 0) {
                add(Kind.DATA, text.substring(at), at);
                add(Kind.END, "", text.length());
                return;
            }
            int start = at;
            char type = text.charAt(tag + 1);
            int raw = type == '%' ? rawEnd(tag, "raw", false) : -1;
            char sign = sign(tag + 2);
            data(start, tag, sign, type == '{');
            at = tag + (sign == 0 ? 2 : 3);
            lineStarts = false;
            if (raw >= 0) {
                at = raw;
                lineStarts = text.charAt(raw - 1) == '\n';
                raw(tag);
            } else if (type == '#') {
                comment(tag);
            } else {
                add(type == '{' ? Kind.PRINT_BEGIN : Kind.BLOCK_BEGIN, text.substring(tag, at), tag);
                expression(type == '{', tag);
            }
        }
    }

    private int nextTag() {
        for (int tag = text.indexOf('{', at); tag >= 0; tag = text.indexOf('{', tag + 1)) {
            if (tag + 1 < text.length() && "{%#".indexOf(text.charAt(tag + 1)) >= 0) {
                return tag;
            }
        }
        return -1;
    }

    private char sign(int index) {
        return index < text.length() && (text.charAt(index) == '-' || text.charAt(index) == '+')
                ? text.charAt(index)
                : 0;
    }

    /** The text before a tag, less what the tag takes away. */
    private void data(int start, int end, char sign, boolean prints) {
        int kept = end;
        if (sign == '-') {
            while (kept > start && Characters.isSpace(text.charAt(kept - 1))) {
                kept--;
            }
        } else if (sign != '+' && !prints) {
            int line = text.lastIndexOf('\n', end - 1) + 1;
            boolean first = line > start || lineStarts;
            line = Math.max(line, start);
            if (first && skipSpace(line) >= end) {
                kept = line;
            }
        }
        add(Kind.DATA, text.substring(start, kept), start);
    }

    private int skipSpace(int from) {
        int index = from;
        while (index < text.length() && Characters.isSpace(text.charAt(index))) {
            index++;
        }
        return index;
    }

    /**
     * Where a block tag of just this word ends, the white space that it takes included; -1 where there is no such tag.
     */
    private int rawEnd(int tag, String word, boolean trims) {
        int index = skipSpace(tag + (sign(tag + 2) == 0 ? 2 : 3));
        if (!text.startsWith(word, index)) {
            return -1;
        }
        index = skipSpace(index + word.length());
        if (text.startsWith("-%}", index)) {
            return skipSpace(index + 3);
        }
        if (trims && text.startsWith("+%}", index)) {
            return index + 3;
        }
        if (!text.startsWith("%}", index)) {
            return -1;
        }
        return trims ? trimmed(index + 2) : index + 2;
    }

    private int trimmed(int index) {
        return index < text.length() && text.charAt(index) == '\n' ? index + 1 : index;
    }

    private void raw(int begin) {
        for (int tag = text.indexOf("{%", at); tag >= 0; tag = text.indexOf("{%", tag + 1)) {
            int end = rawEnd(tag, "endraw", true);
            if (end >= 0) {
                data(at, tag, sign(tag + 2), false);
                at = end;
                lineStarts = text.charAt(end - 1) == '\n';
                return;
            }
        }
        throw source.syntax("'{% raw %}' has no '{% endraw %}'.", begin);
    }

    private void comment(int begin) {
        int end = text.indexOf("#}", at);
        if (end < 0) {
            throw source.syntax("the comment that starts here has no '#}'.", begin);
        }
        char before = end > at ? text.charAt(end - 1) : 0;
        at = before == '-' ? skipSpace(end + 2) : before == '+' ? end + 2 : trimmed(end + 2);
        lineStarts = text.charAt(at - 1) == '\n';
    }

    /** The tokens within a tag, its end included. */
    private void expression(boolean prints, int begin) {
        Deque<Character> open = new ArrayDeque<>();
        String end = prints ? "}}" : "%}";
        while (true) {
            at = skipSpace(at);
            if (at >= text.length()) {
                throw source.syntax("the tag that starts here has no '" + end + "'.", begin);
            }
            if (open.isEmpty() && end(end, prints)) {
                return;
            }
            int start = at;
            int codePoint = text.codePointAt(at);
            if (Characters.isDigit(codePoint)) {
                number();
            } else if (Characters.startsName(codePoint)) {
                while (at < text.length() && Characters.continuesName(text.codePointAt(at))) {
                    at += Character.charCount(text.codePointAt(at));
                }
                add(Kind.NAME, text.substring(start, at), start);
            } else if (codePoint == '"' || codePoint == '\'') {
                string((char) codePoint);
            } else {
                operator(open);
            }
        }
    }

    private boolean end(String end, boolean prints) {
        int start = at;
        if (text.startsWith(end, at)) {
            at = prints ? at + 2 : trimmed(at + 2);
        } else if (text.startsWith(end, at + 1) && text.charAt(at) == '-') {
            at = skipSpace(at + 3);
        } else if (!prints && text.startsWith(end, at + 1) && text.charAt(at) == '+') {
            at += 3;
        } else {
            return false;
        }
        lineStarts = text.charAt(at - 1) == '\n';
        add(prints ? Kind.PRINT_END : Kind.BLOCK_END, end, start);
        return true;
    }

    private void operator(Deque<Character> open) {
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, at)) {
                char unit = operator.charAt(0);
                if (unit == '(' || unit == '[' || unit == '{') {
                    open.push(unit);
                } else if (unit == ')' || unit == ']' || unit == '}') {
                    char opposite = unit == ')' ? '(' : unit == ']' ? '[' : '{';
                    if (open.isEmpty() || open.pop() != opposite) {
                        throw source.syntax("'" + unit + "' closes nothing that is open here.", at);
                    }
                }
                add(Kind.OPERATOR, operator, at);
                at += operator.length();
                return;
            }
        }
        throw source.syntax(
                "the character '" + String.valueOf(Character.toChars(text.codePointAt(at)))
                        + "' has no meaning within a tag.",
                at);
    }

    private void number() {
        int start = at;
        int whole = digits(start);
        boolean afterDot = start > 0 && text.charAt(start - 1) == '.';
        if (!afterDot) {
            int fraction = whole < text.length() && text.charAt(whole) == '.' ? digits(whole + 1) : whole + 1;
            int mantissa = fraction > whole + 1 ? fraction : whole;
            int exponent = exponent(mantissa);
            if (exponent > mantissa || mantissa > whole) {
                at = exponent;
                add(Kind.FLOAT, text.substring(start, at), start);
                return;
            }
        }
        at = integer(start, whole);
        add(Kind.INTEGER, text.substring(start, at), start);
    }

    /** The end of a run of digits, single underscores between them allowed. */
    private int digits(int from) {
        int index = from;
        while (index < text.length() && (Characters.isDigit(text.charAt(index)) || (index > from && isGap(index)))) {
            index++;
        }
        return index;
    }

    /** An underscore before a digit. */
    private boolean isGap(int index) {
        return text.charAt(index) == '_' && index + 1 < text.length() && Characters.isDigit(text.charAt(index + 1));
    }

    private int exponent(int from) {
        if (from >= text.length() || (text.charAt(from) | 0x20) != 'e') {
            return from;
        }
        int index = from + 1;
        if (index < text.length() && (text.charAt(index) == '+' || text.charAt(index) == '-')) {
            index++;
        }
        int end = digits(index);
        return end > index ? end : from;
    }

    private int integer(int start, int whole) {
        if (text.charAt(start) != '0') {
            return whole;
        }
        int base = start + 1 < text.length() ? "box".indexOf(text.charAt(start + 1) | 0x20) : -1;
        int radix = base == 0 ? 2 : base == 1 ? 8 : 16;
        int index = base < 0 ? start + 1 : start + 2;
        int first = index;
        while (index < text.length()) {
            char unit = text.charAt(index);
            boolean digit = base < 0 ? unit == '0' : Character.digit(unit, radix) >= 0 && unit < 0x80;
            boolean gap = unit == '_' && index + 1 < text.length() && text.charAt(index + 1) != '_';
            if (!digit && !gap) {
                break;
            }
            index++;
        }
        while (text.charAt(index - 1) == '_') {
            index--;
        }
        return base >= 0 && index == first ? start + 1 : index;
    }

    private void string(char quote) {
        int start = at;
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != quote) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw source.syntax("the string that starts here has no closing " + quote + ".", start);
        }
        add(Kind.STRING, new StringLiteral(source).decode(start + 1, end), start);
        at = end + 1;
    }

    private void add(Kind kind, String value, int start) {
        if (kind != Kind.DATA || !value.isEmpty()) {
            tokens.add(new Token(kind, value, start));
        }
    }
}
