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

class BytePairTokenizerTest {
    private static final Tokenizer.Options PARSE = new Tokenizer.Options(true, false);

    @Provide
    Arbitrary<String> texts() {
        return Texts.all();
    }

    @Test
    void mergesByRankAndThenFromTheLeft() {
        // Tokens 256 "aa", 257 "aab", 258 "ab".
        Tokenizer tokenizer = gpt2("a a", "aa b", "a b");
        assertArrayEquals(new int[] {256}, tokenizer.encode("aa", Tokenizer.Options.PLAIN));
        assertArrayEquals(
                new int[] {256, 'a'}, tokenizer.encode("aaa", Tokenizer.Options.PLAIN), "the left pair first");
        assertArrayEquals(new int[] {257}, tokenizer.encode("aab", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {256, 258}, tokenizer.encode("aaab", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {258, ' ', 258}, tokenizer.encode("ab ab", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[0], tokenizer.encode("", Tokenizer.Options.PLAIN));
    }

    @Test
    void wholeWordsGoFirstOnlyWhereTheClassSaysSo() {
        // "abc" is a token that no merge makes: 257 after 256 "ab".
        TokenizerData llama =
                withBos(SmallVocabularies.bytePair("llama-bpe", List.of("a b"), List.of("abc"), TokenType.NORMAL));
        TokenizerData qwen = SmallVocabularies.bytePair("qwen2", List.of("a b"), List.of("abc"), TokenType.NORMAL);
        assertArrayEquals(new int[] {257}, Tokenizers.of(llama).encode("abc", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {256, 'c'}, Tokenizers.of(qwen).encode("abc", Tokenizer.Options.PLAIN));
        assertTrue(Tokenizers.of(llama).addsBeginOfSequence());
        assertArrayEquals(new int[] {0, 257}, Tokenizers.of(llama).encode("abc", Tokenizer.Options.PROMPT));
    }

    private static TokenizerData withBos(TokenizerData data) {
        return TokenizerData.of(
                data.model(),
                data.pre(),
                data.vocabulary(),
                data.merges(),
                SpecialTokens.NONE.with(SpecialRole.BEGIN_OF_SEQUENCE, 0));
    }

    @Test
    void controlTokensAreParsedOnlyOnDemandAndLongestFirst() {
        // 257 "<s>", 258 "<s>>".
        TokenizerData data =
                SmallVocabularies.bytePair("gpt-2", List.of("a b"), List.of("<s>", "<s>>"), TokenType.CONTROL);
        Tokenizer tokenizer = Tokenizers.of(data);
        assertArrayEquals(new int[] {'<', 's', '>'}, tokenizer.encode("<s>", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {257, 256, 258, 'x'}, tokenizer.encode("<s>ab<s>>x", PARSE));
        assertTrue(tokenizer.isControl(257));
        assertEquals("<s>", new String(tokenizer.piece(257), StandardCharsets.UTF_8));
    }

    @Test
    void userDefinedTokensAreAlwaysFound() {
        TokenizerData data = SmallVocabularies.bytePair("gpt-2", List.of("a b"), List.of("  "), TokenType.USER_DEFINED);
        Tokenizer tokenizer = Tokenizers.of(data);
        assertArrayEquals(new int[] {256, 257, ' ', 256}, tokenizer.encode("ab   ab", Tokenizer.Options.PLAIN));
    }

    @Test
    void aVocabularyWithHolesSpellsWhatItCan() {
        // "ab" is no token although a merge makes it: its ASCII letters are spelled. The byte of "z" has no token at
        // all.
        TokenizerData data = TokenizerData.of(
                TokenizerModel.BYTE_PAIR,
                "gpt-2",
                Vocabulary.of(List.of("a", "b", "abc", "c")),
                List.of("a b", "ab c"),
                SpecialTokens.NONE);
        Tokenizer tokenizer = Tokenizers.of(data);
        assertArrayEquals(new int[] {0, 1}, tokenizer.encode("ab", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {2}, tokenizer.encode("abc", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {0}, tokenizer.encode("az", Tokenizer.Options.PLAIN));
    }

    @Test
    void loneSurrogatesAreReplaced() {
        Tokenizer tokenizer = gpt2("a b");
        assertArrayEquals(new int[] {'x', 0xEF, 0xBF, 0xBD}, tokenizer.encode("x\ud800", Tokenizer.Options.PLAIN));
        assertArrayEquals(new int[] {0xEF, 0xBF, 0xBD, 'x'}, tokenizer.encode("\udc80x", Tokenizer.Options.PLAIN));
    }

    @Test
    void refusesAnUnknownWayOfCuttingAndWarnsOfAMissingOne() {
        TokenizerData unknown = SmallVocabularies.bytePair("brand-new", List.of("a b"), List.of(), TokenType.NORMAL);
        String message = String.valueOf(assertThrows(TokenizerException.class, () -> Tokenizers.of(unknown))
                .getMessage());
        assertTrue(message.contains("\"brand-new\"") && message.contains("smollm"), message);
        TokenizerData silent =
                TokenizerData.of(unknown.model(), null, unknown.vocabulary(), unknown.merges(), SpecialTokens.NONE);
        List<String> warnings = Tokenizers.of(silent).warnings();
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("tokenizer.ggml.pre is missing"), warnings.get(0));
    }

    @Test
    void refusesDataThatContradictsItself() {
        Vocabulary vocabulary = Vocabulary.of(List.of("a", "b"));
        assertThrows(
                TokenizerException.class,
                () -> TokenizerData.of(
                        TokenizerModel.BYTE_PAIR, "gpt-2", vocabulary, List.of("ab"), SpecialTokens.NONE));
        Tokenizer tokenizer = gpt2("a b");
        assertThrows(TokenizerException.class, () -> tokenizer.piece(-1));
        assertThrows(TokenizerException.class, () -> tokenizer.piece(tokenizer.vocabularySize()));
    }

    @Test
    void warnsOfWhatIsMissingAndDoesWithoutIt() {
        Vocabulary vocabulary = Vocabulary.of(List.of("a", "b"));
        Tokenizer noBos = Tokenizers.of(TokenizerData.of(
                TokenizerModel.BYTE_PAIR, "llama-bpe", vocabulary, List.of("a b"), SpecialTokens.NONE));
        assertEquals(1, noBos.warnings().size());
        assertTrue(
                noBos.warnings().get(0).contains("bos_token_id"),
                noBos.warnings().get(0));
        assertArrayEquals(new int[] {0, 1}, noBos.encode("ab", Tokenizer.Options.PROMPT));
        Tokenizer noMerges = Tokenizers.of(
                TokenizerData.of(TokenizerModel.BYTE_PAIR, "gpt-2", vocabulary, List.of(), SpecialTokens.NONE));
        assertTrue(
                noMerges.warnings().get(0).contains("merges is empty"),
                noMerges.warnings().get(0));
        assertArrayEquals(new int[] {1, 0}, noMerges.encode("ba", Tokenizer.Options.PLAIN));
    }

    @Property(tries = 1500)
    void decodingGivesTheTextBack(@ForAll("texts") String text, @ForAll long seed) {
        Tokenizer tokenizer = Tokenizers.of(SmallVocabularies.randomBytePair("qwen2", seed));
        assertEquals(text, decode(tokenizer, tokenizer.encode(text, Tokenizer.Options.PLAIN)));
    }

    @Property(tries = 1500)
    void equalsMergingByTheBook(@ForAll("texts") String text, @ForAll long seed) {
        TokenizerData data = SmallVocabularies.randomBytePair("gpt-2", seed);
        Tokenizer tokenizer = Tokenizers.of(data);
        // The word twice: the second comes from the cache. Blanks make words long enough for the heap.
        String both = text + text + " ".repeat(40) + "ababelabellotattle".repeat(4);
        List<Integer> expected = new ArrayList<>();
        PreTokenizer.GPT2
                .splitter()
                .split(
                        both.toCharArray(),
                        0,
                        both.length(),
                        (all, start, end) -> byTheBook(data, new String(all, start, end - start), expected));
        List<Integer> found = new ArrayList<>();
        for (int id : tokenizer.encode(both, Tokenizer.Options.PLAIN)) {
            found.add(id);
        }
        assertEquals(expected, found);
    }

    private static void byTheBook(TokenizerData data, String word, List<Integer> target) {
        List<String> symbols = new ArrayList<>();
        for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
            symbols.add(String.valueOf(ByteAlphabet.character(value & 0xFF)));
        }
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int at = 0; at + 1 < symbols.size(); at++) {
                int rank = data.merges().indexOf(symbols.get(at) + " " + symbols.get(at + 1));
                if (rank >= 0 && rank < bestRank) {
                    best = at;
                    bestRank = rank;
                }
            }
            if (best < 0) {
                break;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        for (String symbol : symbols) {
            for (int id = 0; id < data.vocabulary().size(); id++) {
                if (data.vocabulary().text(id).equals(symbol)) {
                    target.add(id);
                    break;
                }
            }
        }
    }

    private static String decode(Tokenizer tokenizer, int[] ids) {
        Detokenizer detokenizer = Detokenizer.ofText(tokenizer);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(detokenizer.feed(id));
        }
        return text.append(detokenizer.flush()).toString();
    }

    private static Tokenizer gpt2(String... merges) {
        return Tokenizers.of(SmallVocabularies.bytePair("gpt-2", List.of(merges), List.of(), TokenType.NORMAL));
    }
}
