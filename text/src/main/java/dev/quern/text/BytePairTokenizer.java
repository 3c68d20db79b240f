package dev.quern.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Byte-level byte pair encoding. Text is cut into words; a word's UTF-8 bytes are its first symbols; then the merge of
 * lowest rank is done, of equals the leftmost, until no merge applies.
 */
final class BytePairTokenizer extends VocabularyTokenizer implements PieceSink, MergeQueue.PairRule {
    /** The ids of the tokens that begin and end text in GPT-2's first family of files, where the file names none. */
    private static final int DEFAULT_END = 11;

    private final WordSplitter splitter;
    private final boolean takesWholeWords;
    private final boolean addsSpacePrefix;
    private final MergeTable merges;
    private final int[] byteSymbols = new int[256];

    /** Symbols that merges make on the way but that are no tokens; their ids follow those of the vocabulary. */
    private final List<String> furtherSymbols = new ArrayList<>();

    private final PairMemo memo = new PairMemo();
    private final MergeQueue queue = new MergeQueue();
    private final WordCache cache = new WordCache();
    private byte[] bytes = new byte[64];
    private char[] spelled = new char[64];
    private IntBuffer target = new IntBuffer();

    BytePairTokenizer(TokenizerData data) {
        this(data, PreTokenizer.of(data.pre()));
    }

    private BytePairTokenizer(TokenizerData data, PreTokenizer pre) {
        super(data, new TokenTable(data, defaults(pre)), pre.addsBosByDefault());
        this.splitter = pre.splitter();
        this.takesWholeWords = pre.takesWholeWords();
        this.addsSpacePrefix = data.addSpacePrefix() != null && data.addSpacePrefix();
        if (data.pre() == null || data.pre().isEmpty()) {
            table().warn("tokenizer.ggml.pre is missing; words are cut as the class \"default\" says, which is"
                    + " seldom what the model was trained with. Convert the model again with a newer"
                    + " converter.");
        }
        Map<String, Integer> further = new HashMap<>();
        for (int value = 0; value < byteSymbols.length; value++) {
            byteSymbols[value] = symbol(String.valueOf(ByteAlphabet.character(value)), further);
        }
        if (data.merges().isEmpty()) {
            table().warn("tokenizer.ggml.merges is empty; every byte of a text becomes a token of its own.");
        }
        merges = new MergeTable(data.merges().size());
        for (int rank = 0; rank < data.merges().size(); rank++) {
            String merge = data.merges().get(rank);
            int space = merge.indexOf(' ', 1);
            String left = merge.substring(0, space);
            String right = merge.substring(space + 1);
            merges.add(symbol(left, further), symbol(right, further), rank, symbol(left.concat(right), further));
        }
    }

    private static SpecialTokens defaults(PreTokenizer pre) {
        SpecialTokens defaults = SpecialTokens.NONE.with(SpecialRole.END_OF_SEQUENCE, DEFAULT_END);
        return pre.hasDefaultBos() ? defaults.with(SpecialRole.BEGIN_OF_SEQUENCE, DEFAULT_END) : defaults;
    }

    private int symbol(String text, Map<String, Integer> further) {
        int id = table().index().find(text);
        if (id != TokenIndex.MISSING) {
            return id;
        }
        Integer known = further.get(text);
        if (known != null) {
            return known;
        }
        int added = table().size() + furtherSymbols.size();
        furtherSymbols.add(text);
        further.put(text, added);
        return added;
    }

    @Override
    public boolean addsSpacePrefix() {
        // The key exists in some files of this kind; encoding has never heeded it, only decoding does.
        return addsSpacePrefix;
    }

    @Override
    void encodeText(char[] text, int start, int end, boolean afterSpecial, IntBuffer output) {
        target = output;
        splitter.split(text, start, end, this);
    }

    /** Reads sequences by their shape alone, as llama.cpp does; bytes that are of no sequence become U+FFFD. */
    @Override
    char[] repair(byte[] text) {
        StringBuilder repaired = new StringBuilder(text.length);
        for (int position = 0; position < text.length; ) {
            int length = Utf8.lengthByShape(text, position);
            int codePoint = length == 0 ? Utf8.REPLACEMENT : Utf8.codePoint(text, position, length);
            repaired.appendCodePoint(Character.isValidCodePoint(codePoint) ? codePoint : Utf8.REPLACEMENT);
            position += Math.max(1, length);
        }
        return repaired.toString().toCharArray();
    }

    @Override
    void spell(int token, IntBuffer output) {
        target = output;
        for (byte value : normalPiece(table().text(token))) {
            emit(byteSymbols[value & 0xFF]);
        }
    }

    @Override
    boolean putsSpace() {
        return false;
    }

    @Override
    public void piece(char[] text, int start, int end) {
        if (end == start || cache.lookup(text, start, end, target)) {
            return;
        }
        int firstId = target.size();
        encodeWord(utf8(text, start, end));
        cache.remember(text, start, end, target, firstId);
    }

    @Override
    public long worth(MergeQueue chain, int left, int right) {
        long pair = PairMemo.pair(chain.symbol(left), chain.symbol(right));
        int place = PairMemo.place(pair);
        return memo.knows(place, pair) ? memo.worth(place) : memo.remember(place, pair, merges.worth(pair));
    }

    private void encodeWord(int length) {
        if (takesWholeWords) {
            if (spelled.length < length) {
                spelled = new char[length * 2];
            }
            for (int at = 0; at < length; at++) {
                spelled[at] = ByteAlphabet.character(bytes[at] & 0xFF);
            }
            int whole = table().index().find(spelled, 0, length);
            if (whole != TokenIndex.MISSING) {
                target.add(whole);
                return;
            }
        }
        queue.clear();
        for (int at = 0; at < length; at++) {
            queue.add(byteSymbols[bytes[at] & 0xFF], at);
        }
        queue.mergeAll(this, length);
        for (int place = 0; place >= 0; place = queue.next(place)) {
            emit(queue.symbol(place));
        }
    }

    private void emit(int symbol) {
        if (symbol < table().size()) {
            target.add(symbol);
            return;
        }
        // A vocabulary that lacks bytes or merged tokens: what has a token of one ASCII character is spelled, the rest
        // is lost.
        String text = furtherSymbols.get(symbol - table().size());
        for (int at = 0; at < text.length(); at++) {
            int id = text.charAt(at) < 0x80 ? table().index().find(text.substring(at, at + 1)) : TokenIndex.MISSING;
            if (id != TokenIndex.MISSING) {
                target.add(id);
            }
        }
    }

    private int utf8(char[] text, int start, int end) {
        int room = 3 * (end - start);
        if (bytes.length < room) {
            bytes = new byte[room * 2];
        }
        int length = 0;
        for (int position = start; position < end; ) {
            int codePoint = Character.codePointAt(text, position, end);
            position += Character.charCount(codePoint);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                // Only repaired text holds one: its bytes are those that were given.
                bytes[length++] = (byte) 0xED;
                bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
                bytes[length++] = (byte) (0x80 | (codePoint & 0x3F));
            } else {
                length = Utf8.put(bytes, length, codePoint);
            }
        }
        return length;
    }

    @Override
    byte[] normalPiece(String text) {
        byte[] piece = new byte[3 * text.length()];
        int length = 0;
        for (int position = 0; position < text.length(); ) {
            int codePoint = text.codePointAt(position);
            position += Character.charCount(codePoint);
            int value = codePoint < 0x10000 ? ByteAlphabet.byteOf((char) codePoint) : -1;
            if (value >= 0) {
                piece[length++] = (byte) value;
            } else {
                // A token that was added by hand and is not spelled in the byte alphabet stands for its own text.
                length = Utf8.put(piece, length, codePoint);
            }
        }
        return Arrays.copyOf(piece, length);
    }
}
