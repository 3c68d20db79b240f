package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenTableTest {
    /** A byte pair tokenizer whose tokens from 257 on are these, all of one type. */
    private static Tokenizer with(TokenType type, String... tokens) {
        return Tokenizers.of(SmallVocabularies.bytePair("gpt-2", List.of("a b"), List.of(tokens), type));
    }

    @Test
    void generationEndsWithTokensThatAreKnownByTheirText() {
        Tokenizer tokenizer = with(TokenType.CONTROL, "<|im_start|>", "<|im_end|>", "<|endoftext|>");
        // 11 is the end of sequence of byte pair files that name none.
        assertArrayEquals(new int[] {11, 258, 259}, tokenizer.endOfGeneration());
        assertEquals(258, tokenizer.special(SpecialRole.END_OF_TURN), "the lowest id of those that look like one");
        assertFalse(tokenizer.isEndOfGeneration(257));
        assertFalse(tokenizer.isEndOfGeneration(-1));
    }

    @Test
    void aTokenThatLooksLikeControlIsControl() {
        Tokenizer tokenizer = with(TokenType.USER_DEFINED, "<|im_end|>", "[X]");
        assertTrue(tokenizer.isControl(257));
        assertFalse(tokenizer.isControl(258));
        assertEquals(1, tokenizer.warnings().size());
        assertTrue(
                tokenizer.warnings().get(0).contains("<|im_end|>"),
                tokenizer.warnings().get(0));
        assertEquals(10, tokenizer.encode("<|im_end|>", Tokenizer.Options.PLAIN).length, "not parsed in plain text");
    }

    @Test
    void fillInTheMiddlePaddingEndsButItsGapDoesNot() {
        Tokenizer tokenizer =
                with(TokenType.CONTROL, "<|fim_prefix|>", "<|fim_middle|>", "<|fim_pad|>", "<|repo_name|>");
        assertArrayEquals(new int[] {11, 259, 260}, tokenizer.endOfGeneration());
        assertEquals(257, tokenizer.special(SpecialRole.FILL_PREFIX));
        assertEquals(SpecialTokens.ABSENT, tokenizer.special(SpecialRole.FILL_SUFFIX));
    }

    @Test
    void whereAnAnswerHasPartsTheirEndIsNotTheEnd() {
        Tokenizer tokenizer = with(TokenType.CONTROL, "<|end|>", "<|return|>", "<|call|>", "<|channel|>");
        assertArrayEquals(new int[] {11, 258, 259}, tokenizer.endOfGeneration());
        assertFalse(tokenizer.isControl(257), "the end of a part is shown to the reader");
        assertFalse(tokenizer.isControl(260), "and so is the beginning of one");
    }

    @Test
    void specialIdsOutOfRangeAreNotUsed() {
        TokenizerData data = SmallVocabularies.bytePair("gpt-2", List.of("a b"), List.of(), TokenType.NORMAL);
        Tokenizer tokenizer = Tokenizers.of(TokenizerData.of(
                data.model(),
                data.pre(),
                data.vocabulary(),
                data.merges(),
                SpecialTokens.NONE.with(SpecialRole.PADDING, 999).with(SpecialRole.UNKNOWN, 5)));
        assertEquals(SpecialTokens.ABSENT, tokenizer.special(SpecialRole.PADDING));
        assertEquals(5, tokenizer.special(SpecialRole.UNKNOWN));
        assertTrue(
                tokenizer.warnings().get(0).contains("padding_token_id is 999"),
                tokenizer.warnings().get(0));
    }

    @Test
    void duplicatesAndEmptyTokensAreToldApart() {
        Tokenizer tokenizer = with(TokenType.CONTROL, "", "<s>", "<s>");
        assertEquals(1, tokenizer.warnings().size());
        assertArrayEquals(new int[] {258}, tokenizer.encode("<s>", new Tokenizer.Options(true, false)));
    }
}
