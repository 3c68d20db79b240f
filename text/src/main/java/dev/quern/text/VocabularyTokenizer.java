package dev.quern.text;

import java.util.List;

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
        this.addsBos = data.addBos() == null ? addsBosByDefault : data.addBos();
        this.addsEos = data.addEos() != null && data.addEos();
        require(addsBos, "tokenizer.ggml.add_bos_token", SpecialRole.BEGIN_OF_SEQUENCE);
        require(addsEos, "tokenizer.ggml.add_eos_token", SpecialRole.END_OF_SEQUENCE);
    }

    private void require(boolean wanted, String key, SpecialRole role) {
        if (wanted && table.role(role) == SpecialTokens.ABSENT) {
            throw new TokenizerException(key + " is true (in the file or by default), but tokenizer.ggml." + role.key()
                    + " names no token.");
        }
    }

    /** Appends the ids of text that holds no special token. */
    abstract void encodeText(char[] text, int start, int end, boolean afterSpecial, IntBuffer target);

    /** The bytes of a token of the type {@link TokenType#NORMAL}. */
    abstract byte[] normalPiece(String text);

    final TokenTable table() {
        return table;
    }

    @Override
    public final int[] encode(String text, Options options) {
        char[] units = wellFormed(text);
        output.clear();
        if (options.addSpecial() && addsBos) {
            output.add(table.role(SpecialRole.BEGIN_OF_SEQUENCE));
        }
        specials.split(units, options.parseSpecial());
        boolean afterSpecial = true;
        for (int fragment = 0; fragment < specials.count(); fragment++) {
            int token = specials.token(fragment);
            if (token == SpecialSplitter.TEXT) {
                encodeText(units, specials.start(fragment), specials.end(fragment), afterSpecial, output);
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
