package dev.quern.cli.tokens;

import dev.quern.cli.terminal.Sizes;
import dev.quern.runtime.PromptException;
import dev.quern.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/** Turns prompts of any size into tokens, within the memory that there is. */
public final class PromptTokens {
    /** A text of this size needs fifty times as much at worst: where it is a single word. */
    private static final int PIECE = 1 << 20;

    /** How many more tokens a text may have when it is cut in two. */
    private static final int MORE_BY_A_CUT = 16;

    private PromptTokens() {}

    /**
     * The tokens of a prompt. One that is clearly too long is not taken apart as a whole: its tokens, of which there
     * may be more than memory, are estimated from those of its beginning.
     *
     * @param room for how many tokens there is room
     * @param remedy what to do, in a sentence, for a prompt of about so many tokens
     * @throws PromptException if the prompt is so long that it cannot be meant to fit; one that is just too long is
     *     given back
     */
    public static List<Integer> encode(
            Tokenizer tokenizer, Tokenizer.Options options, TextSource text, int room, LongFunction<String> remedy) {
        byte[] bytes = text.bytes();
        if (bytes.length > PIECE || !text.isWhole()) {
            refuseIfFarTooLong(tokenizer, options, text, room, remedy);
        }
        return IntStream.of(encode(tokenizer, options, bytes)).boxed().toList();
    }

    /**
     * The tokens of a text.
     *
     * @throws IllegalArgumentException if there is not enough memory
     */
    public static int[] encode(Tokenizer tokenizer, Tokenizer.Options options, byte[] text) {
        try {
            return tokenizer.encode(text, options);
        } catch (OutOfMemoryError e) {
            throw tooLarge(text.length, e);
        }
    }

    /** What to say where memory ends. What a text needs is known only when it is cut into words. */
    public static IllegalArgumentException tooLarge(int bytes, OutOfMemoryError cause) {
        return new IllegalArgumentException(
                "The text, " + Sizes.bytes(bytes)
                        + ", needs more memory than there is. Give it in parts, or more memory: "
                        + "QUERN_JAVA_OPTIONS=-Xmx4g.",
                cause);
    }

    private static void refuseIfFarTooLong(
            Tokenizer tokenizer, Tokenizer.Options options, TextSource text, int room, LongFunction<String> remedy) {
        Tokenizer.Options bare = new Tokenizer.Options(options.parseSpecial(), false);
        byte[] bytes = text.bytes();
        long tokens = 0;
        long surplus = 0;
        int at = 0;
        while (at < bytes.length && tokens - surplus <= room) {
            int end = cut(bytes, at);
            tokens += encode(tokenizer, bare, Arrays.copyOfRange(bytes, at, end)).length;
            surplus += MORE_BY_A_CUT;
            at = end;
        }
        if (tokens - surplus > room || !text.isWhole()) {
            long estimate = Math.round((double) tokens * bytes.length / Math.max(1, at));
            throw new PromptException("The prompt has " + (text.isWhole() ? "about " : "more than ") + rounded(estimate)
                    + " tokens (" + (text.isWhole() ? "" : "more than ") + Sizes.bytes(bytes.length)
                    + "), but there is room for " + room + ". " + remedy.apply(rounded(estimate)));
        }
    }

    /** Where a piece ends that begins here: behind a blank if there is one, never within a character. */
    private static int cut(byte[] bytes, int start) {
        int end = start + PIECE;
        if (end >= bytes.length) {
            return bytes.length;
        }
        for (int at = end; at > end - PIECE / 4; at--) {
            if (bytes[at - 1] == '\n' || bytes[at - 1] == ' ') {
                return at;
            }
        }
        while (end > start + PIECE - 4 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return end;
    }

    /** To two digits, which is all that an estimate is good for. */
    private static long rounded(long number) {
        long unit = 1;
        while (number / unit >= 100) {
            unit *= 10;
        }
        return Math.round((double) number / unit) * unit;
    }
}
