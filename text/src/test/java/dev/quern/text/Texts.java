package dev.quern.text;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Texts in which the rules of tokenizers meet: scripts, blanks, digits, contractions, emoji, control characters. */
final class Texts {
    private static final String[] PARTS = {
        " ",
        "  ",
        "   ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\n\n ",
        " \n",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\u0085",
        "\u200b",
        "\u180e",
        "'s",
        "'T",
        "'re",
        "'VE",
        "'ll",
        "'d",
        "'",
        "''",
        "\u2019s",
        "'\u017f",
        "a",
        "Ab",
        "aBC",
        "Hello",
        "WORLD",
        "camelCase",
        "\u00c4pfel",
        "\u01c5",
        "\u02b0",
        "\u00aa",
        "\u0130",
        "0",
        "7",
        "42",
        "123",
        "12345",
        "\u0663\u0664",
        "\u00bd",
        "\u2167",
        "\u4e03",
        "!",
        "?!",
        "...",
        "/",
        "//\n",
        "$5",
        "+<=>^~|`",
        "\u20ac",
        "\u00bf",
        "#@",
        "e\u0301",
        "\u0301",
        "\u0e01\u0e33",
        "\u0915\u094d\u0937",
        "\u4f60\u597d",
        "\ud55c\uae00",
        "\u0416\u0438",
        "\u05d0\u05b0",
        "\u0645\u064e",
        "\ud83d\udc4d\ud83c\udffd",
        "\ud83d\udc68\u200d\ud83d\udc69",
        "\ud83c\udde9\ud83c\uddea",
        "\ud835\udc00\ud835\udc1a",
        "\ud835\udfd8",
        "\ud840\udc00",
        "\u0000",
        "\u001c",
        "\ue000",
        "\ufffd",
        "\u0378",
        "\udb40\udd00",
        "\u2581",
        "<s>",
        "<|end|>",
        "<0x41>"
    };

    private Texts() {}

    /** Texts without lone surrogates and without characters that are newer than the vocabularies. */
    static Arbitrary<String> all() {
        Arbitrary<String> parts = Arbitraries.of(PARTS);
        Arbitrary<String> single = Arbitraries.integers()
                .between(0, 0x10FFFF)
                .filter(codePoint ->
                        !(codePoint >= 0xD800 && codePoint <= 0xDFFF) && !NewerCharacters.contains(codePoint))
                .map(Character::toString);
        Arbitrary<String> basic = Arbitraries.integers()
                .between(0, 0x2FFF)
                .filter(codePoint -> !NewerCharacters.contains(codePoint))
                .map(Character::toString);
        return Arbitraries.frequencyOf(Tuple.of(8, parts), Tuple.of(2, basic), Tuple.of(1, single))
                .list()
                .ofMaxSize(40)
                .map(pieces -> String.join("", pieces));
    }
}
