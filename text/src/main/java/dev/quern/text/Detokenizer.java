package dev.quern.text;

/**
 * Turns ids into text as they come. A character whose bytes lie in several tokens appears when its last byte is known;
 * bytes that are no UTF-8 become U+FFFD as soon as that is certain. What {@link #feed} and {@link #flush} return,
 * joined, is the text of all ids.
 */
public final class Detokenizer {
    private final Tokenizer tokenizer;
    private final boolean showControl;
    private final byte[] pending = new byte[4];
    private int pendingSize;
    private boolean dropSpace;

    private Detokenizer(Tokenizer tokenizer, boolean dropSpace, boolean showControl) {
        this.tokenizer = tokenizer;
        this.dropSpace = dropSpace;
        this.showControl = showControl;
    }

    /**
     * Decodes a text from its beginning: of a tokenizer that puts a space before text, one space at the beginning of
     * the first id's piece is taken away. Control tokens are left out.
     */
    public static Detokenizer ofText(Tokenizer tokenizer) {
        return new Detokenizer(tokenizer, tokenizer.addsSpacePrefix(), false);
    }

    /** Decodes what follows a prompt: no space is taken away. Control tokens are left out. */
    public static Detokenizer ofContinuation(Tokenizer tokenizer) {
        return new Detokenizer(tokenizer, false, false);
    }

    /** The same with control tokens as their text, for people who look for mistakes. */
    public Detokenizer showingControl() {
        return new Detokenizer(tokenizer, dropSpace, true);
    }

    /** The text that one more id completes; often, but not always, the text of that token. */
    public String feed(int id) {
        boolean first = dropSpace;
        dropSpace = false;
        if (!showControl && tokenizer.isControl(id)) {
            return "";
        }
        byte[] piece = tokenizer.piece(id);
        StringBuilder text = new StringBuilder(piece.length + 1);
        int from = first && piece.length > 0 && piece[0] == ' ' ? 1 : 0;
        for (int at = from; at < piece.length; at++) {
            take(piece[at], text);
        }
        return text.toString();
    }

    /** Ends the text: what is still incomplete can no longer become a character and is one U+FFFD. */
    public String flush() {
        boolean incomplete = pendingSize > 0;
        pendingSize = 0;
        return incomplete ? String.valueOf((char) Utf8.REPLACEMENT) : "";
    }

    private void take(byte value, StringBuilder text) {
        if (pendingSize > 0) {
            int first = pending[0] & 0xFF;
            boolean fits = pendingSize == 1 ? Utf8.isSecond(first, value & 0xFF) : Utf8.isContinuation(value & 0xFF);
            if (fits) {
                pending[pendingSize++] = value;
                if (pendingSize == Utf8.sequenceLength(first)) {
                    text.appendCodePoint(Utf8.codePoint(pending, 0, pendingSize));
                    pendingSize = 0;
                }
                return;
            }
            // One U+FFFD stands for the longest beginning of a character; this byte begins anew.
            text.append((char) Utf8.REPLACEMENT);
            pendingSize = 0;
        }
        switch (Utf8.sequenceLength(value & 0xFF)) {
            case 0 -> text.append((char) Utf8.REPLACEMENT);
            case 1 -> text.append((char) value);
            default -> pending[pendingSize++] = value;
        }
    }
}
