package dev.quern.text;

import java.util.Arrays;
import java.util.List;

/**
 * The tokens of a model, by id from 0: text, score and type of each. Immutable.
 *
 * <p>The text is as the file has it (see {@link TokenText} for bytes that are not UTF-8): byte pair vocabularies spell
 * each byte as one printable character, SentencePiece vocabularies write a space as U+2581 and single bytes as
 * {@code <0xHH>}.
 */
public final class Vocabulary {
    /** The longest token that is accepted, in characters. */
    public static final int LONGEST_TOKEN = 65_536;

    private final List<String> texts;
    private final float[] scores;
    private final byte[] types;

    private Vocabulary(List<String> texts, float[] scores, byte[] types) {
        this.texts = texts;
        this.scores = scores;
        this.types = types;
    }

    /** Tokens that are all of the type {@link TokenType#NORMAL} and of the score 0. */
    public static Vocabulary of(List<String> texts) {
        int[] codes = new int[texts.size()];
        Arrays.fill(codes, TokenType.NORMAL.code());
        return of(texts, new float[texts.size()], codes);
    }

    /**
     * Tokens with scores and types.
     *
     * @param texts one string a token
     * @param scores one score a token; higher is merged earlier (SentencePiece only)
     * @param typeCodes one number a token, see {@link TokenType#code()}
     * @throws TokenizerException if the lengths differ, a score is not finite, a type is unknown or a token is absurdly
     *     long
     */
    public static Vocabulary of(List<String> texts, float[] scores, int[] typeCodes) {
        int size = texts.size();
        if (size == 0) {
            throw new TokenizerException("The vocabulary has no tokens (tokenizer.ggml.tokens is empty).");
        }
        if (scores.length != size) {
            throw new TokenizerException("The vocabulary has " + size + " tokens, but " + scores.length
                    + " scores (tokenizer.ggml.scores); there must be one for each token.");
        }
        if (typeCodes.length != size) {
            throw new TokenizerException("The vocabulary has " + size + " tokens, but " + typeCodes.length
                    + " token types (tokenizer.ggml.token_type); there must be one for each token.");
        }
        float[] finite = new float[size];
        byte[] types = new byte[size];
        for (int id = 0; id < size; id++) {
            if (texts.get(id).length() > LONGEST_TOKEN) {
                throw new TokenizerException("Token " + id + " is "
                        + texts.get(id).length() + " characters long; the limit is " + LONGEST_TOKEN + ".");
            }
            if (!Float.isFinite(scores[id])) {
                throw new TokenizerException(
                        "The score of token " + id + " is " + scores[id] + "; a finite number is expected.");
            }
            // The sum turns -0.0 into 0.0: the two are one score.
            finite[id] = scores[id] + 0.0f;
            types[id] = (byte) TokenType.ofCode(typeCodes[id]).code();
        }
        return new Vocabulary(List.copyOf(texts), finite, types);
    }

    /** How many tokens there are. */
    public int size() {
        return types.length;
    }

    /** The text of a token as the file has it. */
    public String text(int id) {
        return texts.get(id);
    }

    /** The score of a token. */
    public float score(int id) {
        return scores[id];
    }

    /** The type of a token as the file has it. */
    public TokenType type(int id) {
        return TokenType.ofCode(types[id]);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary vocabulary
                && texts.equals(vocabulary.texts)
                && Arrays.equals(scores, vocabulary.scores)
                && Arrays.equals(types, vocabulary.types);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    @Override
    public String toString() {
        return "Vocabulary[" + size() + " tokens]";
    }
}
