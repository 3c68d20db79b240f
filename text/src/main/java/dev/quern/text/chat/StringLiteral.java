package dev.quern.text.chat;

/** Values of quoted strings: the escapes are Python's. */
record StringLiteral(Source source) {
    /** The value of what stands between the quotes. An escape that is unknown stays as it is. */
    String decode(int start, int end) {
        String text = source.text();
        int slash = text.indexOf('\\', start);
        if (slash < 0 || slash >= end) {
            return text.substring(start, end);
        }
        StringBuilder value = new StringBuilder(end - start);
        int at = start;
        while (at < end) {
            char unit = text.charAt(at++);
            if (unit != '\\') {
                value.append(unit);
                continue;
            }
            char letter = text.charAt(at++);
            switch (letter) {
                case '\n' -> {}
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case 'a' -> value.append((char) 7);
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'v' -> value.append((char) 11);
                case '\\', '\'', '"' -> value.append(letter);
                case 'x' -> at = hexadecimal(value, at, end, 2);
                case 'u' -> at = hexadecimal(value, at, end, 4);
                case 'U' -> at = hexadecimal(value, at, end, 8);
                case 'N' -> throw source.unsupported("the escape '\\N' (a character by its name) in a string.", at - 2);
                case '0', '1', '2', '3', '4', '5', '6', '7' -> at = octal(value, at - 1, end);
                default -> value.append('\\').append(letter);
            }
        }
        return value.toString();
    }

    private int hexadecimal(StringBuilder value, int at, int end, int digits) {
        int codePoint = 0;
        for (int index = at; index < at + digits; index++) {
            int digit = index < end ? Character.digit(source.text().charAt(index), 16) : -1;
            if (digit < 0 || codePoint > Character.MAX_CODE_POINT >> 4) {
                throw source.syntax(
                        "the escape '\\" + source.text().charAt(at - 1) + "' needs " + digits
                                + " hexadecimal digits of a character.",
                        at - 2);
            }
            codePoint = codePoint << 4 | digit;
        }
        if (codePoint > Character.MAX_CODE_POINT) {
            throw source.syntax("there is no character of the number " + codePoint + ".", at - 2);
        }
        value.appendCodePoint(codePoint);
        return at + digits;
    }

    private int octal(StringBuilder value, int at, int end) {
        int index = at;
        int codePoint = 0;
        while (index < end
                && index < at + 3
                && source.text().charAt(index) >= '0'
                && source.text().charAt(index) <= '7') {
            codePoint = codePoint << 3 | source.text().charAt(index++) - '0';
        }
        value.append((char) codePoint);
        return index;
    }
}
