package dev.quern.text;

import java.util.Arrays;

/**
 * SentencePiece-style encoding. Spaces become U+2581; the characters are the first symbols; then the neighbours whose
 * union is the token of the highest score are merged, of equals the leftmost, until no union is a token. A character
 * that is no token becomes the tokens of its UTF-8 bytes.
 */
final class SentencePieceTokenizer extends VocabularyTokenizer implements MergeQueue.PairRule {
    private static final char SPACE_MARK = '\u2581';

    private final Vocabulary vocabulary;
    private final boolean addsSpacePrefix;
    private final int[] byteTokens = new int[256];
    private final boolean[] joinsSpace;
    /** The tokens of characters up to U+FFFF. */
    private final int[] characterTokens = new int[0x10000];

    private final PairMemo memo = new PairMemo();
    private final MergeQueue queue = new MergeQueue();
    private final WordCache cache = new WordCache();
    private char[] marked = new char[256];
    private final byte[] bytes = new byte[4];

    SentencePieceTokenizer(TokenizerData data) {
        super(data, new TokenTable(data, defaults()), true);
        this.vocabulary = data.vocabulary();
        this.addsSpacePrefix = data.addSpacePrefix() == null || data.addSpacePrefix();
        boolean complete = true;
        for (int value = 0; value < byteTokens.length; value++) {
            int id = table().index().find(byteText(value));
            byteTokens[value] = id != TokenIndex.MISSING ? id : table().index().find(TokenText.ofByte(value));
            complete &= byteTokens[value] != TokenIndex.MISSING;
        }
        if (!complete) {
            table().warn(
                            "The vocabulary lacks byte tokens (<0x00> to <0xFF>); characters that it cannot spell become the unknown"
                                    + " token.");
        }
        Arrays.fill(characterTokens, TokenIndex.MISSING);
        for (int id = table().size() - 1; id >= 0; id--) {
            if (table().text(id).length() == 1) {
                characterTokens[table().text(id).charAt(0)] = id;
            }
        }
        this.joinsSpace = charactersBeforeSpace();
    }

    private static SpecialTokens defaults() {
        return SpecialTokens.NONE
                .with(SpecialRole.UNKNOWN, 0)
                .with(SpecialRole.BEGIN_OF_SEQUENCE, 1)
                .with(SpecialRole.END_OF_SEQUENCE, 2);
    }

    @Override
    public boolean addsSpacePrefix() {
        return addsSpacePrefix;
    }

    @Override
    void encodeText(char[] text, int start, int end, boolean afterSpecial, IntBuffer target) {
        int length = end - start + 1;
        if (marked.length < length) {
            marked = new char[length + length / 2];
        }
        int size = 0;
        if (addsSpacePrefix && afterSpecial) {
            marked[size++] = SPACE_MARK;
        }
        for (int at = start; at < end; at++) {
            marked[size++] = text[at] == ' ' ? SPACE_MARK : text[at];
        }
        int word = 0;
        for (int at = 1; at < size; at++) {
            if (marked[at] == SPACE_MARK && !joinsSpace[marked[at - 1]]) {
                encodeWord(word, at, target);
                word = at;
            }
        }
        encodeWord(word, size, target);
    }

    /**
     * Takes as many bytes as the first of a character announces, as llama.cpp does; those that are no character are
     * kept one by one.
     */
    @Override
    char[] repair(byte[] text) {
        // Spaces are marked before: a character that is cut short may swallow a byte of the mark.
        byte[] marked = TokenText.bytes(TokenText.decode(text).replace(' ', SPACE_MARK));
        StringBuilder repaired = new StringBuilder(marked.length);
        for (int position = 0; position < marked.length; ) {
            int announced = Utf8.announcedLength(marked[position] & 0xFF);
            int end = Math.min(marked.length, position + announced);
            if (Utf8.validLength(marked, position, end) == announced) {
                repaired.appendCodePoint(Utf8.codePoint(marked, position, announced));
            } else {
                for (int at = position; at < end; at++) {
                    repaired.append(TokenText.escape(marked[at]));
                }
            }
            position = end;
        }
        return repaired.toString().toCharArray();
    }

    @Override
    void spell(int token, IntBuffer target) {
        String text = table().text(token);
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            int end = at + Character.charCount(codePoint);
            int id = table().index().find(text.substring(at, end));
            if (id != TokenIndex.MISSING && id != token) {
                target.add(id);
            } else {
                emitBytes(codePoint, target);
            }
            at = end;
        }
    }

    @Override
    boolean putsSpace() {
        return addsSpacePrefix;
    }

    /**
     * Which characters stand before U+2581 within some token. Between any other character and U+2581 nothing can ever
     * be merged, so the text may be cut there without a change of the result, and words can be remembered.
     */
    private boolean[] charactersBeforeSpace() {
        boolean[] before = new boolean[0x10000];
        for (int id = 0; id < table().size(); id++) {
            String text = table().text(id);
            for (int at = text.indexOf(SPACE_MARK, 1); at >= 0; at = text.indexOf(SPACE_MARK, at + 1)) {
                before[text.charAt(at - 1)] = true;
            }
        }
        return before;
    }

    private void encodeWord(int start, int end, IntBuffer target) {
        if (cache.lookup(marked, start, end, target)) {
            return;
        }
        int firstId = target.size();
        queue.clear();
        for (int at = start; at < end; ) {
            int width = CharacterClass.width(marked, at, end);
            queue.add(width == 1 ? characterTokens[marked[at]] : table().index().find(marked, at, at + 2), at);
            at += width;
        }
        queue.mergeAll(this, end);
        for (int place = 0; place >= 0; place = queue.next(place)) {
            if (queue.symbol(place) != TokenIndex.MISSING) {
                target.add(queue.symbol(place));
            } else {
                emitBytes(Character.codePointAt(marked, queue.start(place), end), target);
            }
        }
        cache.remember(marked, start, end, target, firstId);
    }

    @Override
    public long worth(MergeQueue chain, int left, int right) {
        int first = chain.symbol(left);
        int second = chain.symbol(right);
        if ((first | second) < 0) {
            return worth(chain.start(left), chain.end(right));
        }
        // Two tokens say which text they are.
        long pair = PairMemo.pair(first, second);
        int place = PairMemo.place(pair);
        return memo.knows(place, pair)
                ? memo.worth(place)
                : memo.remember(place, pair, worth(chain.start(left), chain.end(right)));
    }

    private long worth(int start, int end) {
        int token = table().index().find(marked, start, end);
        return token == TokenIndex.MISSING
                ? MergeQueue.NO_PAIR
                : MergeQueue.pair(descending(vocabulary.score(token)), token);
    }

    /** A number that is the smaller, the greater the score is. */
    private static int descending(float score) {
        int bits = Float.floatToIntBits(score);
        return ~(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
    }

    private void emitBytes(int codePoint, IntBuffer target) {
        int length = 1;
        if (TokenText.isEscape(codePoint)) {
            bytes[0] = (byte) codePoint;
        } else {
            length = Utf8.put(bytes, 0, codePoint);
        }
        for (int at = 0; at < length; at++) {
            int id = byteTokens[bytes[at] & 0xFF];
            if (id == TokenIndex.MISSING) {
                id = table().role(SpecialRole.UNKNOWN);
            }
            if (id == SpecialTokens.ABSENT) {
                throw new TokenizerException("The text holds the byte " + (bytes[at] & 0xFF)
                        + ", for which the vocabulary has neither a byte token nor an unknown token.");
            }
            target.add(id);
        }
    }

    private static String byteText(int value) {
        String digits = "0123456789ABCDEF";
        return "<0x" + digits.charAt(value >> 4) + digits.charAt(value & 15) + ">";
    }

    @Override
    byte[] normalPiece(String text) {
        return TokenText.bytes(text.replace(SPACE_MARK, ' '));
    }
}
