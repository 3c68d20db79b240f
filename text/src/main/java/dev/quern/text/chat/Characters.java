package dev.quern.text.chat;

/** Classes of characters, as Python's strings have them. */
final class Characters {
    private Characters() {}

    /** White space, for stripping and splitting. */
    static boolean isSpace(int codePoint) {
        return codePoint <= 0x20
                ? codePoint == 0x20 || (codePoint >= 9 && codePoint <= 13) || codePoint >= 0x1c
                : codePoint == 0x85
                        || codePoint == 0xa0
                        || codePoint == 0x1680
                        || (codePoint >= 0x2000 && codePoint <= 0x200a)
                        || codePoint == 0x2028
                        || codePoint == 0x2029
                        || codePoint == 0x202f
                        || codePoint == 0x205f
                        || codePoint == 0x3000;
    }

    /** Ends a line, for {@code splitlines}. */
    static boolean isLineEnd(int unit) {
        return (unit >= 10 && unit <= 13)
                || (unit >= 0x1c && unit <= 0x1e)
                || unit == 0x85
                || unit == 0x2028
                || unit == 0x2029;
    }

    static boolean startsName(int codePoint) {
        return codePoint == '_' || Character.isLetter(codePoint);
    }

    static boolean continuesName(int codePoint) {
        return codePoint == '_' || Character.isLetterOrDigit(codePoint);
    }

    static boolean isDigit(int unit) {
        return unit >= '0' && unit <= '9';
    }

    /** Whether a character stands for itself where strings are shown in quotes. */
    static boolean isPrintable(int codePoint) {
        if (codePoint < 0x7f) {
            return codePoint >= 0x20;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
