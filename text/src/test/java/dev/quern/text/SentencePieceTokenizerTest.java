package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SentencePieceTokenizerTest {
    private static final Tokenizer.Options PARSE = new Tokenizer.Options(true, false);
    private static final int FIRST = 259;

    @Provide
    Arbitrary<String> texts() {
        return Texts.all().map(text -> text.replace("\u2581", "_"));
    }

    @Test
    void mergesByScoreAndThenFromTheLeft() {
        // 259 ▁, 260 a, 261 b, 262 aa (-2), 263 ab (-1), 264 ▁a (-3), 265 aab (0).
        Tokenizer tokenizer = Tokenizers.of(SmallVocabularies.sentencePiece(
                List.of("\u2581", "a", "b", "aa", "ab", "\u2581a", "aab"), -9, -9, -9, -2, -1, -3, 0));
        assertArrayEquals(new int[] {264}, tokenizer.encode("a", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {259, 262}, tokenizer.encode("aa", Tokenizer.Options.PLAIN), "aa before \u2581a");
        assertArrayEquals(
                new int[] {259, 262, 260}, tokenizer.encode("aaa", Tokenizer.Options.PLAIN), "the left pair first");
        assertArrayEquals(new int[] {259, 265}, tokenizer.encode("aab", Tokenizer.Options.PLAIN), "ab, then a with ab");
        assertArrayEquals(new int[] {259, 259, 263}, tokenizer.encode(" ab", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {1, 264}, tokenizer.encode("a", Tokenizer.Options.PROMPT));
        assertArrayEquals(new int[] {1}, tokenizer.encode("", Tokenizer.Options.PROMPT));
    }

    @Test
    void charactersWithoutATokenBecomeBytes() {
        Tokenizer tokenizer = Tokenizers.of(SmallVocabularies.sentencePiece(List.of("\u2581", "a"), -1, -1));
        assertArrayEquals(
                new int[] {FIRST, 3 + 0xC3, 3 + 0xA4, FIRST + 1}, tokenizer.encode("\u00e4a", Tokenizer.Options.PLAIN));
        assertArrayEquals(
                new int[] {FIRST, 3 + 0xF0, 3 + 0x9F, 3 + 0x98, 3 + 0x80},
                tokenizer.encode("\ud83d\ude00", Tokenizer.Options.PLAIN));
    }

    @Test
    void withoutByteTokensTheUnknownTokenStandsForEachByte() {
        TokenizerData data = TokenizerData.of(
                TokenizerModel.SENTENCE_PIECE,
                null,
                Vocabulary.of(List.of("<unk>", "<s>", "</s>", "\u2581", "a")),
                List.of(),
                SpecialTokens.NONE);
        Tokenizer tokenizer = Tokenizers.of(data);
        assertArrayEquals(new int[] {3, 4, 0, 0}, tokenizer.encode("a\u00e4", Tokenizer.Options.PLAIN));
        assertTrue(
                tokenizer.warnings().get(1).contains("lacks byte tokens"),
                tokenizer.warnings().toString());
    }

    @Test
    void aSpaceGoesBeforeTheTextAndAfterEachSpecialToken() {
        // 259 ▁, 260 a, 261 [X] user-defined.
        TokenizerData data = SmallVocabularies.sentencePiece(List.of("\u2581", "a", "[X]"), -1, -1, 0);
        Tokenizer tokenizer = Tokenizers.of(data);
        assertArrayEquals(new int[] {261, 259, 260}, tokenizer.encode("[X]a", Tokenizer.Options.PLAIN));
        assertArrayEquals(
                new int[] {259, 260, 261, 261, 259, 259, 260}, tokenizer.encode("a[X][X] a", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {1, 259, 260, 2}, tokenizer.encode("<s>a</s>", PARSE));
        Tokenizer without = Tokenizers.of(new TokenizerData(
                data.model(), null, data.vocabulary(), List.of(), data.special(), false, true, false, null, null));
        assertArrayEquals(new int[] {260, 261, 260, 2}, without.encode("a[X]a", Tokenizer.Options.PROMPT));
    }

    @Test
    void phi3TrimsBlanksAfterItsSpecialTokens() {
        TokenizerData data = SmallVocabularies.sentencePiece(List.of("\u2581", "a", "[X]"), -1, -1, 0);
        Tokenizer tokenizer = Tokenizers.of(new TokenizerData(
                data.model(), null, data.vocabulary(), List.of(), data.special(), null, null, null, null, "Phi3 mini"));
        assertArrayEquals(new int[] {261, 259, 260}, tokenizer.encode("[X] \n a", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {1, 259, 259, 260}, tokenizer.encode("<s> a", PARSE), "but not after <s>");
    }

    @Test
    void piecesShowSpacesAndBytes() {
        Tokenizer tokenizer = Tokenizers.of(SmallVocabularies.sentencePiece(List.of("\u2581a"), -1));
        assertEquals(" a", new String(tokenizer.piece(FIRST), StandardCharsets.UTF_8));
        assertArrayEquals(new byte[] {(byte) 0xE4}, tokenizer.piece(3 + 0xE4));
        assertTrue(tokenizer.isControl(0) && tokenizer.isControl(1) && !tokenizer.isControl(FIRST));
        assertArrayEquals(new int[] {2}, tokenizer.endOfGeneration());
    }

    @Test
    void refusesScoresThatAreNoNumbers() {
        assertThrows(TokenizerException.class, () -> SmallVocabularies.sentencePiece(List.of("a"), Float.NaN));
    }

    @Property(tries = 1500)
    void decodingGivesTheTextBack(@ForAll("texts") String text, @ForAll long seed) {
        Tokenizer tokenizer = Tokenizers.of(SmallVocabularies.randomSentencePiece(seed));
        Detokenizer detokenizer = Detokenizer.ofText(tokenizer);
        StringBuilder back = new StringBuilder();
        for (int id : tokenizer.encode(text, Tokenizer.Options.PLAIN)) {
            back.append(detokenizer.feed(id));
        }
        assertEquals(text, back.append(detokenizer.flush()).toString());
    }

    @Property(tries = 1500)
    void equalsMergingByTheBook(@ForAll("texts") String text, @ForAll long seed) {
        TokenizerData data = SmallVocabularies.randomSentencePiece(seed);
        String both = text + text + "  " + "abelloett".repeat(5) + " tab ".repeat(6);
        List<Integer> found = new ArrayList<>();
        for (int id : Tokenizers.of(data).encode(both, Tokenizer.Options.PLAIN)) {
            found.add(id);
        }
        assertEquals(byTheBook(data, "\u2581" + both.replace(' ', '\u2581')), found);
    }

    private static List<Integer> byTheBook(TokenizerData data, String text) {
        List<String> texts = new ArrayList<>();
        for (int id = 0; id < data.vocabulary().size(); id++) {
            texts.add(data.vocabulary().text(id));
        }
        List<String> symbols = new ArrayList<>();
        text.codePoints().forEach(codePoint -> symbols.add(Character.toString(codePoint)));
        while (true) {
            int best = -1;
            float bestScore = 0;
            for (int at = 0; at + 1 < symbols.size(); at++) {
                int id = texts.indexOf(symbols.get(at) + symbols.get(at + 1));
                if (id >= 0 && (best < 0 || data.vocabulary().score(id) > bestScore)) {
                    best = at;
                    bestScore = data.vocabulary().score(id);
                }
            }
            if (best < 0) {
                break;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        List<Integer> ids = new ArrayList<>();
        for (String symbol : symbols) {
            int id = texts.indexOf(symbol);
            if (id >= 0) {
                ids.add(id);
            } else {
                for (byte value : symbol.getBytes(StandardCharsets.UTF_8)) {
                    ids.add(3 + (value & 0xFF));
                }
            }
        }
        return ids;
    }
}
