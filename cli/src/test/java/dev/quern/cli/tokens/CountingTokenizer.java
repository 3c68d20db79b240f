package dev.quern.cli.tokens;

import dev.quern.text.MarkedText;
import dev.quern.text.SpecialRole;
import dev.quern.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a token of so many bytes, and remembers what it was given. */
final class CountingTokenizer implements Tokenizer {
    private final int bytesOfToken;

    /** The longest text that was given, in bytes. */
    int longest;

    /** Whether all texts were whole characters. */
    boolean isWhole = true;

    CountingTokenizer(int bytesOfToken) {
        this.bytesOfToken = bytesOfToken;
    }

    @Override
    public int[] encode(String text, Options options) {
        return encode(text.getBytes(StandardCharsets.UTF_8), options);
    }

    @Override
    public int[] encode(byte[] text, Options options) {
        longest = Math.max(longest, text.length);
        isWhole &= new String(text, StandardCharsets.UTF_8).indexOf('\uFFFD') < 0;
        return new int[text.length / bytesOfToken];
    }

    @Override
    public int[] encode(MarkedText text, Options options) {
        return encode(text.text(), options);
    }

    @Override
    public byte[] decode(int[] ids, Options options) {
        return new byte[ids.length * bytesOfToken];
    }

    @Override
    public byte[] piece(int id) {
        return new byte[bytesOfToken];
    }

    @Override
    public int vocabularySize() {
        return 1;
    }

    @Override
    public boolean isControl(int id) {
        return false;
    }

    @Override
    public boolean isEndOfGeneration(int id) {
        return false;
    }

    @Override
    public int[] endOfGeneration() {
        return new int[0];
    }

    @Override
    public int special(SpecialRole role) {
        return 0;
    }

    @Override
    public @Nullable String specialText(SpecialRole role) {
        return null;
    }

    @Override
    public boolean addsBeginOfSequence() {
        return false;
    }

    @Override
    public boolean addsSpacePrefix() {
        return false;
    }

    @Override
    public List<String> warnings() {
        return List.of();
    }
}
