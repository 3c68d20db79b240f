package dev.quern.tokens;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Texts made by dice out of what tokenizers trip over: every script, emoji sequences, marks, digits, blanks of all
 * kinds, control tokens spelled as text, long runs, and code points of no meaning. One seed gives the same texts
 * everywhere.
 */
final class RandomTexts {
    /** First and last code points of blocks with letters, with and without case, with marks and digits of their own. */
    private static final int[][] SCRIPTS = {
        {0x20, 0x7E},
        {0xA0, 0xFF},
        {0x100, 0x24F},
        {0x250, 0x2FF},
        {0x300, 0x36F},
        {0x370, 0x3FF},
        {0x400, 0x52F},
        {0x530, 0x58F},
        {0x590, 0x5FF},
        {0x600, 0x6FF},
        {0x700, 0x7BF},
        {0x900, 0x97F},
        {0x980, 0x9FF},
        {0xB80, 0xBFF},
        {0xE00, 0xE7F},
        {0xF00, 0xFFF},
        {0x1000, 0x109F},
        {0x10A0, 0x10FF},
        {0x1200, 0x137F},
        {0x13A0, 0x13FF},
        {0x1780, 0x17FF},
        {0x1E00, 0x1FFF},
        {0x2000, 0x206F},
        {0x2070, 0x20CF},
        {0x2100, 0x23FF},
        {0x2460, 0x27BF},
        {0x2C00, 0x2DFF},
        {0x3000, 0x30FF},
        {0x3100, 0x33FF},
        {0x4E00, 0x9FFF},
        {0xAC00, 0xD7A3},
        {0xE000, 0xE0FF},
        {0xF900, 0xFAFF},
        {0xFE00, 0xFE6F},
        {0xFF00, 0xFFFF},
        {0x10000, 0x100FF},
        {0x10330, 0x1044F},
        {0x1D400, 0x1D7FF},
        {0x1F000, 0x1FAFF},
        {0x20000, 0x2A6DF},
        {0xE0000, 0xE01EF},
        {0x10FFF0, 0x10FFFF},
    };

    private static final String[] BLANKS = {
        " ",
        " ",
        "  ",
        "   ",
        "        ",
        "\t",
        "\t\t",
        "\n",
        "\n\n",
        "\r\n",
        "\r\n\r\n",
        "\r",
        "\u000B",
        "\f",
        " \n",
        "\n ",
        " \r\n ",
        "\u00A0",
        "\u1680",
        "\u2003",
        "\u2009",
        "\u2028",
        "\u2029",
        "\u202F",
        "\u205F",
        "\u3000",
        "\u0085",
        "\u200B",
        "\uFEFF",
        "\u001C",
        "\u001F"
    };

    private static final String[] EMOJI = {
        "\uD83D\uDE00",
        "\uD83D\uDC4D\uD83C\uDFFD",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67\u200D\uD83D\uDC66",
        "\uD83C\uDFF3\uFE0F\u200D\uD83C\uDF08",
        "\uD83C\uDDE9\uD83C\uDDEA",
        "\uD83C\uDDFA",
        "1\uFE0F\u20E3",
        "\u2764\uFE0F",
        "\u2764\uFE0E",
        "\uD83C\uDFF4\uDB40\uDC67\uDB40\uDC62\uDB40\uDC65\uDB40\uDC6E\uDB40\uDC67\uDB40\uDC7F",
        "\uD83E\uDDD1\uD83C\uDFFF\u200D\uD83D\uDCBB",
        "\u263A"
    };

    private static final String[] CONTROLS = {
        "<s>",
        "</s>",
        "<unk>",
        "<|endoftext|>",
        "<|im_start|>",
        "<|im_end|>",
        "<|begin_of_text|>",
        "<|eot_id|>",
        "<|start_header_id|>",
        "<|end_header_id|>",
        "<|end|>",
        "<|user|>",
        "<|assistant|>",
        "<|system|>",
        "<|placeholder1|>",
        "<fim_prefix>",
        "<fim_suffix>",
        "<|reserved_special_token_0|>",
        "<0x41>",
        "<0xFF>",
        "\u2581",
        "<|",
        "|>",
        "<|im_start",
        "[INST]",
        "<repo_name>",
        "<file_sep>"
    };

    private static final String[] WORDS = {
        "the",
        "Hello",
        "world",
        "don't",
        "I'M",
        "we'Ve",
        "they'll",
        "he's",
        "it\u2019s",
        "'s",
        "'t",
        "'LL",
        "''",
        "'\u017F",
        "HTTPServer",
        "camelCaseWords",
        "snake_case_words",
        "x86_64",
        "na\u00EFve",
        "nai\u0308ve",
        "Stra\u00DFe",
        "\u0130stanbul",
        "\u0131s\u0131",
        "\u03A3\u03AF\u03C3\u03C5\u03C6\u03BF\u03C2",
        "\u041F\u0440\u0438\u0432\u0435\u0442",
        "\u4F60\u597D",
        "\u3053\u3093\u306B\u3061\u306F",
        "\uC548\uB155",
        "\u0645\u0631\u062D\u0628\u0627",
        "\u05E9\u05DC\u05D5\u05DD",
        "\u0928\u092E\u0938\u094D\u0924\u0947",
        "\u0E2A\u0E27\u0E31\u0E2A\u0E14\u0E35",
        "\u01C5",
        "\u01C8ubav",
        "\u02B0",
        "\u00AA\u00BA",
        "\uFB01"
    };

    private static final String[] NUMBERS = {
        "0",
        "7",
        "42",
        "123",
        "1234",
        "1234567",
        "3.14159",
        "1,000,000",
        "1e-5",
        "0x1F",
        "\u0663\u0664\u0665",
        "\u0967\u0968\u0969\u096A",
        "\u00BD",
        "\u00B2\u00B3",
        "\u2167",
        "\u2460\u2461",
        "\u4E00\u4E8C",
        "\uD835\uDFD8\uD835\uDFD9",
        "2024-01-31"
    };

    private static final String[] MARKS = {
        "!",
        "?!",
        "...",
        "\u2026",
        "//",
        "/*",
        "*/",
        "{",
        "}",
        "();",
        "==",
        "!=",
        "->",
        "=>",
        "$5",
        "\u20AC9",
        "#",
        "@",
        "<<",
        "`",
        "~",
        "^",
        "|",
        "\\",
        "\\n",
        "\"",
        "\u201C",
        "\u201D",
        "\u2014",
        "\u3002",
        "\uFF01",
        "\u00BF",
        "e\u0301",
        "\u0301",
        "a\u0308\u0323",
        "\u093F",
        "\u200D",
        "\u200C",
        "\u00AD",
        "\u0000",
        "\u0001",
        "\u007F",
        "\uFFFD",
        "\uFFFE",
        "\uFFFF",
        "\u0378",
        "\u0E3F",
        "+",
        "%",
        "&",
        "\u2212",
        "\u00D7"
    };

    private static final List<Function<Random, String>> PARTS = List.of(
            random -> one(random, WORDS),
            random -> one(random, WORDS),
            random -> one(random, BLANKS),
            random -> " ",
            random -> one(random, NUMBERS),
            random -> one(random, MARKS),
            random -> one(random, EMOJI),
            random -> one(random, CONTROLS),
            RandomTexts::scriptRun,
            RandomTexts::scriptRun,
            RandomTexts::asciiRun,
            RandomTexts::anything,
            RandomTexts::repeated);

    private RandomTexts() {}

    /** So many texts; the shortest is empty, few are longer than some hundred characters. */
    static List<String> of(long seed, int count) {
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            int parts = random.nextInt(index % 10 == 0 ? 40 : 9);
            StringBuilder text = new StringBuilder();
            for (int part = 0; part < parts; part++) {
                text.append(PARTS.get(random.nextInt(PARTS.size())).apply(random));
                text.append(random.nextInt(3) == 0 ? " " : "");
            }
            texts.add(text.toString());
        }
        return texts;
    }

    /** Some texts that are long because one thing is repeated. */
    static List<String> longRuns() {
        return List.of(
                " ".repeat(10_000),
                "a".repeat(10_000),
                "\n".repeat(5_000) + "x",
                "\r\n".repeat(3_000),
                " \t".repeat(3_000) + "end",
                "1234567890".repeat(500),
                "\uD83D\uDE00".repeat(1_000),
                "\u0301".repeat(2_000),
                "\u4F60\u597D".repeat(1_500),
                "ab".repeat(4_000),
                "!".repeat(4_000),
                "<|im_start|>".repeat(300),
                "\u2581".repeat(2_000),
                "the quick brown fox ".repeat(500),
                "'s".repeat(1_000),
                "\u0000".repeat(10));
    }

    private static String one(Random random, String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String scriptRun(Random random) {
        int[] script = SCRIPTS[random.nextInt(SCRIPTS.length)];
        StringBuilder run = new StringBuilder();
        for (int length = 1 + random.nextInt(8); length > 0; length--) {
            run.appendCodePoint(script[0] + random.nextInt(script[1] - script[0] + 1));
        }
        return run.toString();
    }

    private static String asciiRun(Random random) {
        StringBuilder run = new StringBuilder();
        for (int length = 1 + random.nextInt(12); length > 0; length--) {
            run.append((char) random.nextInt(0x80));
        }
        return run.toString();
    }

    private static String anything(Random random) {
        int codePoint = random.nextInt(0x110000);
        return codePoint >= 0xD800 && codePoint <= 0xDFFF ? "\uFFFD" : Character.toString(codePoint);
    }

    private static String repeated(Random random) {
        String what = PARTS.get(random.nextInt(PARTS.size() - 1)).apply(random);
        return what.repeat(1 + random.nextInt(what.length() > 8 ? 3 : 12));
    }
}
