package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The scanners against the regular expressions that define them, run by the JDK's engine. */
class WordSplitterTest {
    private static final String S = "[\\p{IsWhite_Space}]";
    private static final String NOT_S = "[^\\p{IsWhite_Space}]";
    private static final String REST = "[^\\p{IsWhite_Space}\\p{L}\\p{N}]";
    private static final String CONTRACTION = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private static final String BLANKS = S + "*[\\r\\n]+|" + S + "+(?!" + NOT_S + ")|" + S + "+";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LEAD = "[^\\r\\n\\p{L}\\p{N}]?";

    private static final String GPT2 =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?" + REST + "+|" + S + "+(?!" + NOT_S + ")";
    private static final String LLAMA3 =
            CONTRACTION + "|" + LEAD + "\\p{L}+|\\p{N}{1,3}| ?" + REST + "+[\\r\\n]*|" + BLANKS;
    private static final String QWEN2 = CONTRACTION + "|" + LEAD + "\\p{L}+|\\p{N}| ?" + REST + "+[\\r\\n]*|" + BLANKS;
    private static final String QWEN35 = CONTRACTION + "|" + LEAD
            + "[\\p{L}\\p{M}]+|\\p{N}| ?[^\\p{IsWhite_Space}\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|" + BLANKS;
    private static final String TEKKEN = LEAD + UPPER + "*" + LOWER + "+|" + LEAD + UPPER + "+" + LOWER + "*|\\p{N}| ?"
            + REST + "+[\\r\\n/]*|" + BLANKS;
    private static final String GPT4O = LEAD + UPPER + "*" + LOWER + "+" + CONTRACTION + "?|" + LEAD + UPPER + "+"
            + LOWER + "*" + CONTRACTION + "?|\\p{N}{1,3}| ?" + REST + "+[\\r\\n/]*|" + BLANKS;

    @Provide
    Arbitrary<String> texts() {
        return Texts.all();
    }

    @Property(tries = 3000)
    void gpt2(@ForAll("texts") String text) {
        check(PreTokenizer.GPT2, text, GPT2);
    }

    @Property(tries = 3000)
    void digitsThenGpt2(@ForAll("texts") String text) {
        check(PreTokenizer.DIGITS_THEN_GPT2, text, "\\p{N}", GPT2);
    }

    @Property(tries = 3000)
    void llama3(@ForAll("texts") String text) {
        check(PreTokenizer.LLAMA3, text, LLAMA3);
    }

    @Property(tries = 3000)
    void qwen2(@ForAll("texts") String text) {
        check(PreTokenizer.QWEN2, text, QWEN2);
    }

    @Property(tries = 3000)
    void qwen35(@ForAll("texts") String text) {
        check(PreTokenizer.QWEN35, text, QWEN35);
    }

    @Property(tries = 3000)
    void tekken(@ForAll("texts") String text) {
        check(PreTokenizer.TEKKEN, text, TEKKEN);
    }

    @Property(tries = 3000)
    void gpt4o(@ForAll("texts") String text) {
        check(PreTokenizer.GPT4O, text, GPT4O);
    }

    @Property(tries = 3000)
    void falcon(@ForAll("texts") String text) {
        check(PreTokenizer.FALCON, text, "[\\p{P}$+<=>^~|`]+", GPT2, "[0-9][0-9][0-9]");
    }

    @Property(tries = 3000)
    void unnamed(@ForAll("texts") String text) {
        check(PreTokenizer.UNNAMED, text, "[\\p{P}$+<=>^~|]+", GPT2, "\\p{N}+", "[0-9][0-9][0-9]");
    }

    @Test
    void cutsWhereAReaderOfTheExpressionsExpects() {
        assertEquals(List.of("I", "'m", " here", ",", " ", " 2", "3"), split(PreTokenizer.GPT2, "I'm here,  23", 12));
        assertEquals(
                List.of("I", "'M", "\there", " ", " ", "123", "4"), split(PreTokenizer.LLAMA3, "I'M\there  1234", 15));
        assertEquals(List.of("a", " ", "1", "2"), split(PreTokenizer.DIGITS_THEN_GPT2, "a 12", 4));
        assertEquals(
                List.of("camel", "Case", "://\n", "ABCdef"), split(PreTokenizer.TEKKEN, "camelCase://\nABCdef", 19));
        assertEquals(List.of("Don't", " stop"), split(PreTokenizer.GPT4O, "Don't stop", 10));
        assertEquals(List.of("\n\n", "  ", " x"), split(PreTokenizer.QWEN2, "\n\n   x", 6));
    }

    /** The last word of the first example is cut by the limit, not by the text: the scanner must not look beyond it. */
    private static List<String> split(PreTokenizer pre, String text, int limit) {
        List<String> words = new ArrayList<>();
        char[] units = text.toCharArray();
        pre.splitter()
                .split(
                        units,
                        0,
                        Math.min(limit, units.length),
                        (all, start, end) -> words.add(new String(all, start, end - start)));
        if (limit < units.length) {
            words.add(text.substring(limit));
        }
        return words;
    }

    private static void check(PreTokenizer pre, String text, String... stages) {
        List<String> expected = List.of(text);
        for (String stage : stages) {
            Pattern pattern = Pattern.compile(stage);
            List<String> next = new ArrayList<>();
            for (String segment : expected) {
                cut(pattern, segment, next);
            }
            expected = next;
        }
        List<String> words = new ArrayList<>();
        pre.splitter().split(text.toCharArray(), 0, text.length(), (all, start, end) -> {
            if (end > start) {
                words.add(new String(all, start, end - start));
            }
        });
        assertEquals(expected, words);
    }

    private static void cut(Pattern pattern, String segment, List<String> target) {
        Matcher matcher = pattern.matcher(segment);
        int end = 0;
        while (matcher.find()) {
            if (matcher.start() > end) {
                target.add(segment.substring(end, matcher.start()));
            }
            if (matcher.end() > matcher.start()) {
                target.add(matcher.group());
            }
            end = matcher.end();
        }
        if (end < segment.length()) {
            target.add(segment.substring(end));
        }
    }
}
