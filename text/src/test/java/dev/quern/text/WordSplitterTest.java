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

    /** The letters of cased scripts, as the vocabulary's authors wrote them down. */
    private static final String CASED = "["
            + "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af\u0370"
            + "-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03f5\u03f7-"
            + "\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-"
            + "\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-"
            + "\u1f4d\u1f50-\u1f57\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4"
            + "\u1fc6-\u1fcc\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107\u210a"
            + "-\u2113\u2115\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2134\u2139\u213c-\u213f\u2145-"
            + "\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d\ua680-"
            + "\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-"
            + "\uff3a\uff41-\uff5a\ud801\udc00-\ud801\udc4f\ud801\udcb0-\ud801\udcd3\ud801\udcd8-\ud801\udcfb"
            + "\ud803\udc80-\ud803\udcb2\ud803\udcc0-\ud803\udcf2\ud806\udca0-\ud806\udcdf\ud83a\udd00-"
            + "\ud83a\udd43"
            + "]";

    private static final String EAST_ASIAN = "[\u0800-\u9fa5\uac00-\ud7ff&&[^\\p{IsWhite_Space}]]+";

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

    @Property(tries = 3000)
    void deepSeekCoder(@ForAll("texts") String text) {
        check(PreTokenizer.DEEPSEEK_CODER, text, "[\\r\\n]", S + "?\\p{L}+", S + "?\\p{P}+", EAST_ASIAN, "\\p{N}");
    }

    @Property(tries = 3000)
    void deepSeekLlm(@ForAll("texts") String text) {
        String marks = "[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3001-\u3002]+";
        check(
                PreTokenizer.DEEPSEEK_LLM,
                text,
                "[\\r\\n]",
                S + "?" + CASED + "+",
                S + "?" + marks,
                S + "+\\z",
                EAST_ASIAN,
                "\\p{N}+");
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
        assertEquals(
                List.of("int", " x", " = ", "1", "2", ";", "\n", "\n", " ", " y"),
                split(PreTokenizer.DEEPSEEK_CODER, "int x = 12;\n\n  y", 16));
        assertEquals(
                List.of("It", "'", "s", " ", "12", " ", " ok", "!", "  "),
                split(PreTokenizer.DEEPSEEK_LLM, "It's 12  ok!  ", 14));
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
