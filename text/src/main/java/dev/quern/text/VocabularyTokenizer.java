package dev.quern.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the kinds of tokenizer have in common: special tokens, additions at the ends, and the facts about ids. */
abstract sealed class VocabularyTokenizer implements Tokenizer permits BytePairTokenizer, SentencePieceTokenizer {
    private final TokenTable table;
    private final SpecialSplitter specials;
    private final boolean addsBos;
    private final boolean addsEos;
    private final IntBuffer output = new IntBuffer();

    VocabularyTokenizer(TokenizerData data, TokenTable table, boolean addsBosByDefault) {
        this.table = table;
        this.specials = new SpecialSplitter(table);
        this.addsBos =
                adds(data.addBos(), addsBosByDefault, "tokenizer.ggml.add_bos_token", SpecialRole.BEGIN_OF_SEQUENCE);
        this.addsEos = adds(data.addEos(), false, "tokenizer.ggml.add_eos_token", SpecialRole.END_OF_SEQUENCE);
    }

    /** Whether the token of a role is added, which takes that there is one. */
    private boolean adds(@Nullable Boolean asked, boolean byDefault, String key, SpecialRole role) {
        boolean wanted = asked == null ? byDefault : asked;
        if (wanted && table.role(role) == SpecialTokens.ABSENT) {
            table.warn(key + " is true (in the file or by default), but there is no token for tokenizer.ggml."
                    + role.key() + "; none is added.");
            return false;
        }
        return wanted;
    }

    /** Appends the ids of text that holds no special token. */
    abstract void encodeText(char[] text, int start, int end, boolean afterSpecial, IntBuffer target);

    /**
     * Text of these bytes, not all of which are UTF-8, in the form that {@link #encodeText} takes. What is read as a
     * character, although it is none, differs from kind to kind.
     */
    abstract char[] repair(byte[] text);

    /** Appends the ids of a token's text, each character by itself. */
    abstract void spell(int token, IntBuffer target);

    /** Whether {@link #encodeText} puts a space before text. */
    abstract boolean putsSpace();

    /** The bytes of a token of the type {@link TokenType#NORMAL}. */
    abstract byte[] normalPiece(String text);

    final TokenTable table() {
        return table;
    }

    @Override
    public final int[] encode(String text, Options options) {
        return encode(MarkedText.written(text), options);
    }

    @Override
    public final int[] encode(MarkedText text, Options options) {
        return encode(wellFormed(text.text()), text, false, options);
    }

    @Override
    public final int[] encode(byte[] text, Options options) {
        char[] units = new char[text.length];
        int size = Utf8.decode(text, units);
        boolean broken = size < 0;
        char[] whole = broken ? TokenText.decode(text).toCharArray() : Arrays.copyOf(units, size);
        return encode(whole, MarkedText.EMPTY, broken, options);
    }

    /**
     * The ids of these characters.
     *
     * @param marks says, by the same places, what was given
     * @param broken whether the text holds bytes that are no UTF-8, as {@link TokenText} has them
     */
    private int[] encode(char[] units, MarkedText marks, boolean broken, Options options) {
        output.clear();
        if (options.addSpecial() && addsBos) {
            output.add(table.role(SpecialRole.BEGIN_OF_SEQUENCE));
        }
        specials.split(units, marks, options.parseSpecial());
        boolean afterSpecial = true;
        for (int fragment = 0; fragment < specials.count(); fragment++) {
            int token = specials.token(fragment);
            if (token == SpecialSplitter.TEXT) {
                int start = specials.start(fragment);
                int end = specials.end(fragment);
                if (broken) {
                    char[] repaired = repair(TokenText.bytes(String.valueOf(units, start, end - start)));
                    encodeText(repaired, 0, repaired.length, afterSpecial, output);
                } else {
                    int first = output.size();
                    encodeText(units, start, end, afterSpecial, output);
                    if (marks.hasGiven(start, end)) {
                        spellControls(first);
                    }
                }
            } else {
                output.add(token);
            }
            afterSpecial = token != SpecialSplitter.TEXT;
        }
        if (options.addSpecial() && addsEos) {
            output.add(table.role(SpecialRole.END_OF_SEQUENCE));
        }
        return output.toArray();
    }

    /**
     * Spells the control tokens that merges made of text, from a place of the output on. Few vocabularies hold what is
     * merged on the way to one, so there is seldom any. The unknown token stays: it stands for what cannot be spelled.
     */
    private void spellControls(int first) {
        int[] ids = Arrays.copyOfRange(output.backing(), first, output.size());
        boolean any = false;
        for (int id : ids) {
            any |= isMergedControl(id);
        }
        if (!any) {
            return;
        }
        output.truncate(first);
        for (int id : ids) {
            if (isMergedControl(id)) {
                spell(id, output);
            } else {
                output.add(id);
            }
        }
    }

    private boolean isMergedControl(int id) {
        return table.is(id, TokenTable.CONTROL | TokenTable.STEERS) && id != table.role(SpecialRole.UNKNOWN);
    }

    @Override
    public final byte[] decode(int[] ids, Options options) {
        int first = 0;
        int last = ids.length;
        if (options.addSpecial() && addsBos && last > 0 && ids[0] == table.role(SpecialRole.BEGIN_OF_SEQUENCE)) {
            first++;
        }
        if (options.addSpecial()
                && addsEos
                && last > first
                && ids[last - 1] == table.role(SpecialRole.END_OF_SEQUENCE)) {
            last--;
        }
        byte[] text = new byte[Math.max(16, 4 * (last - first))];
        int size = 0;
        boolean afterSpecial = true;
        for (int at = first; at < last; at++) {
            byte[] piece = piece(ids[at]);
            boolean special = table.is(ids[at], TokenTable.CONTROL | TokenTable.USER_DEFINED | TokenTable.UNKNOWN);
            boolean spaced = putsSpace() && afterSpecial && !special && piece.length > 0 && piece[0] == ' ';
            int from = spaced ? 1 : 0;
            if (text.length - size < piece.length) {
                text = Arrays.copyOf(text, 2 * (size + piece.length));
            }
            System.arraycopy(piece, from, text, size, piece.length - from);
            size += piece.length - from;
            afterSpecial = special;
        }
        return Arrays.copyOf(text, size);
    }

    @Override
    public final byte[] piece(int id) {
        if (id < 0 || id >= table.size()) {
            throw new TokenizerException(
                    "There is no token " + id + "; the vocabulary has the ids 0 to " + (table.size() - 1) + ".");
        }
        String text = table.text(id);
        if (table.is(id, TokenTable.CONTROL | TokenTable.UNKNOWN | TokenTable.USER_DEFINED)) {
            return TokenText.bytes(text);
        }
        if (table.is(id, TokenTable.NORMAL)) {
            return normalPiece(text);
        }
        int value = table.is(id, TokenTable.BYTE) ? TokenTable.hexByte(text) : -1;
        return value < 0 ? new byte[0] : new byte[] {(byte) value};
    }

    @Override
    public final int vocabularySize() {
        return table.size();
    }

    @Override
    public final boolean isControl(int id) {
        return id >= 0 && id < table.size() && table.is(id, TokenTable.CONTROL | TokenTable.UNKNOWN);
    }

    @Override
    public final boolean isEndOfGeneration(int id) {
        return table.ends(id);
    }

    @Override
    public final int[] endOfGeneration() {
        return table.ends();
    }

    @Override
    public final int special(SpecialRole role) {
        return table.role(role);
    }

    @Override
    public final @Nullable String specialText(SpecialRole role) {
        int id = table.role(role);
        return id == SpecialTokens.ABSENT ? null : new String(piece(id), StandardCharsets.UTF_8);
    }

    @Override
    public final boolean addsBeginOfSequence() {
        return addsBos;
    }

    @Override
    public final List<String> warnings() {
        return table.warnings();
    }

    /** The characters of a text, each lone surrogate replaced by U+FFFD. */
    private static char[] wellFormed(String text) {
        char[] units = text.toCharArray();
        for (int position = 0; position < units.length; position++) {
            if (Character.isSurrogate(units[position])) {
                if (CharacterClass.width(units, position, units.length) == 2) {
                    position++;
                } else {
                    units[position] = Utf8.REPLACEMENT;
                }
            }
        }
        return units;
    }
}
