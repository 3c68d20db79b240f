package dev.quern.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Texts to read. */
final class SampleTexts {
    /**
     * Words made of random syllables, nearly each of which comes once: a million characters that no memory for words
     * helps with, and that no vocabulary was made for.
     */
    static final String RARE_WORDS = "rare-words";

    private static final int RARE_CHARACTERS = 1_000_000;
    private static final String[] BEGINNINGS = {
        "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl", "ch", "sh", "th", ""
    };
    private static final String[] MIDDLES = {"a", "e", "i", "o", "u", "ea", "ou"};
    private static final String[] ENDS = {"", "n", "r", "s", "t", "l", "nd", "ng", "m"};

    private SampleTexts() {}

    /** The bytes of a file, or of the text of that name. */
    static byte[] bytes(String text) throws IOException {
        return text.equals(RARE_WORDS) ? rareWords() : Files.readAllBytes(Path.of(text));
    }

    private static byte[] rareWords() {
        Random random = new Random(1);
        StringBuilder words = new StringBuilder(RARE_CHARACTERS + 64);
        while (words.length() < RARE_CHARACTERS) {
            for (int syllables = 1 + random.nextInt(4); syllables > 0; syllables--) {
                words.append(one(random, BEGINNINGS))
                        .append(one(random, MIDDLES))
                        .append(one(random, ENDS));
            }
            words.append(random.nextInt(12) == 0 ? ", " : " ");
        }
        return words.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String one(Random random, String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
