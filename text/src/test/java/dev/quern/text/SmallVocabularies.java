package dev.quern.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Vocabularies made by hand or by dice, small enough to follow with a pencil. */
final class SmallVocabularies {
    private SmallVocabularies() {}

    /** All 256 bytes (token id = byte), then merges in order, then tokens of other types. */
    static TokenizerData bytePair(String pre, List<String> merges, List<String> extra, TokenType extraType) {
        List<String> tokens = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            tokens.add(String.valueOf(ByteAlphabet.character(value)));
        }
        for (String merge : merges) {
            String merged = merge.replace(" ", "");
            if (!tokens.contains(merged)) {
                tokens.add(merged);
            }
        }
        int[] types = new int[tokens.size() + extra.size()];
        Arrays.fill(types, TokenType.NORMAL.code());
        Arrays.fill(types, tokens.size(), types.length, extraType.code());
        tokens.addAll(extra);
        return TokenizerData.of(
                TokenizerModel.BYTE_PAIR,
                pre,
                Vocabulary.of(tokens, new float[types.length], types),
                merges,
                SpecialTokens.NONE);
    }

    /** Bytes and random merges of what is there already. */
    static TokenizerData randomBytePair(String pre, long seed) {
        Random random = new Random(seed);
        List<String> parts = new ArrayList<>();
        for (char character : "aabeltosr'H\u0120\u0120\u010a19\u00c3\u00a4\u00f0\u0141".toCharArray()) {
            parts.add(String.valueOf(character));
        }
        List<String> merges = new ArrayList<>();
        for (int count = 0; count < 60; count++) {
            String left = parts.get(random.nextInt(parts.size()));
            String right = parts.get(random.nextInt(parts.size()));
            if (left.length() + right.length() <= 8 && !merges.contains(left + " " + right)) {
                merges.add(left + " " + right);
                parts.add(left + right);
            }
        }
        return bytePair(pre, merges, List.of("<s>", "<|end|>"), TokenType.CONTROL);
    }

    /** {@code <unk> <s> </s>}, the 256 byte tokens (3 to 258), then the given pieces with their scores. */
    static TokenizerData sentencePiece(List<String> pieces, float... scores) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int value = 0; value < 256; value++) {
            tokens.add("<0x" + Character.toUpperCase(Character.forDigit(value >> 4, 16))
                    + Character.toUpperCase(Character.forDigit(value & 15, 16)) + ">");
        }
        int first = tokens.size();
        tokens.addAll(pieces);
        int[] types = new int[tokens.size()];
        Arrays.fill(types, TokenType.NORMAL.code());
        types[0] = TokenType.UNKNOWN.code();
        types[1] = TokenType.CONTROL.code();
        types[2] = TokenType.CONTROL.code();
        Arrays.fill(types, 3, first, TokenType.BYTE.code());
        float[] all = new float[tokens.size()];
        System.arraycopy(scores, 0, all, first, scores.length);
        for (int id = first; id < tokens.size(); id++) {
            if (tokens.get(id).startsWith("[")) {
                types[id] = TokenType.USER_DEFINED.code();
            }
        }
        return TokenizerData.of(
                TokenizerModel.SENTENCE_PIECE,
                "default",
                Vocabulary.of(tokens, all, types),
                List.of(),
                SpecialTokens.NONE);
    }

    /** Single characters and random unions of them with few different scores, so that ties are common. */
    static TokenizerData randomSentencePiece(long seed) {
        Random random = new Random(seed);
        List<String> pieces = new ArrayList<>();
        for (String character :
                List.of("a", "b", "e", "l", "o", "t", "H", "1", "\u2581", "\u00e4", "\u4f60", "\n", "\'")) {
            pieces.add(character);
        }
        while (pieces.size() < 70) {
            String union = pieces.get(random.nextInt(pieces.size())) + pieces.get(random.nextInt(pieces.size()));
            if (union.length() <= 7 && !pieces.contains(union)) {
                pieces.add(union);
            }
        }
        float[] scores = new float[pieces.size()];
        for (int index = 0; index < scores.length; index++) {
            scores[index] = -random.nextInt(12) / 2f;
        }
        return sentencePiece(pieces, scores);
    }
}
