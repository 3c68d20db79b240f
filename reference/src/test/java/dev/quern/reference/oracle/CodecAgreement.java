package dev.quern.reference.oracle;

import dev.quern.ir.Encoding;
import dev.quern.reference.BlockCodec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Whether a codec gives the bits of ggml's. Every bit of the blocks is random, so that scales of all magnitudes occur,
 * and infinities and NaNs among them: these too must give the same bits. There is one exception. A sum of two NaNs has
 * the payload of the operand that the compiler put first, and the one of Java puts now this one first and now that;
 * where ggml and the codec both have a NaN, but with different payloads, the block is counted apart.
 */
public final class CodecAgreement {
    /** Elements that are compared at a time. */
    private static final int PIECE = 1 << 18;

    private CodecAgreement() {}

    /**
     * What a comparison found.
     *
     * @param blocks how many blocks were compared
     * @param differing in how many of them an element has other bits than ggml's
     * @param payloads how many have the same bits but for payloads of NaNs; they are not among the differing
     * @param first the first element that differs
     */
    public record Result(Encoding encoding, long blocks, long differing, long payloads, Optional<Difference> first) {
        /** Whether all bits agree. */
        public boolean equal() {
            return differing == 0;
        }

        @Override
        public String toString() {
            return differing + " of " + blocks + " blocks of " + encoding.text() + " differ from ggml"
                    + first.map(difference -> "; " + difference).orElse("");
        }
    }

    /**
     * An element that differs.
     *
     * @param block its block, counted from 0
     * @param bytes the block
     * @param element its place in the block
     * @param ours the bits of the codec
     * @param theirs the bits of ggml
     */
    public record Difference(long block, String bytes, int element, int ours, int theirs) {
        @Override
        public String toString() {
            HexFormat hex = HexFormat.of();
            return "element " + element + " of block " + block + " is " + Float.intBitsToFloat(ours) + " ("
                    + hex.toHexDigits(ours) + ") where ggml has " + Float.intBitsToFloat(theirs) + " ("
                    + hex.toHexDigits(theirs) + "); the block is " + bytes;
        }
    }

    /**
     * Compares the decoding of random blocks; skips or fails the running test where ggml cannot be had.
     *
     * @param encoding any but u32
     * @param blocks how many; a scalar is a block of one element
     * @param seed of the random bits; the same seed gives the same blocks
     */
    public static Result compare(Encoding encoding, long blocks, long seed) {
        Ggml ggml = Ggml.require();
        BlockCodec codec = BlockCodec.of(encoding);
        int pieceBlocks = (int) Math.min(blocks, PIECE / encoding.elements());
        byte[] bytes = new byte[pieceBlocks * encoding.bytes()];
        float[] ours = new float[pieceBlocks * encoding.elements()];
        var random = new SplittableRandom(seed);
        long differing = 0;
        long payloads = 0;
        Optional<Difference> first = Optional.empty();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(bytes.length, 16);
            MemorySegment theirs = arena.allocate(ValueLayout.JAVA_FLOAT, ours.length);
            for (long done = 0; done < blocks; done += pieceBlocks) {
                random.nextBytes(bytes);
                source.copyFrom(MemorySegment.ofArray(bytes));
                ggml.decode(encoding, source, theirs);
                codec.decode(ByteBuffer.wrap(bytes), ours, 0);
                if (theirs.mismatch(MemorySegment.ofArray(ours)) < 0) {
                    continue;
                }
                float[] expected = theirs.toArray(ValueLayout.JAVA_FLOAT);
                for (int block = 0; block < Math.min(pieceBlocks, blocks - done); block++) {
                    Optional<Difference> difference = difference(encoding, bytes, ours, expected, block, done + block);
                    if (difference.isPresent()) {
                        differing++;
                        first = first.isPresent() ? first : difference;
                    } else if (!equal(encoding, ours, expected, block)) {
                        payloads++;
                    }
                }
            }
        }
        return new Result(encoding, blocks, differing, payloads, first);
    }

    private static boolean equal(Encoding encoding, float[] ours, float[] theirs, int block) {
        for (int at = block * encoding.elements(); at < (block + 1) * encoding.elements(); at++) {
            if (Float.floatToRawIntBits(ours[at]) != Float.floatToRawIntBits(theirs[at])) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Difference> difference(
            Encoding encoding, byte[] bytes, float[] ours, float[] theirs, int block, long number) {
        for (int element = 0; element < encoding.elements(); element++) {
            int at = block * encoding.elements() + element;
            int found = Float.floatToRawIntBits(ours[at]);
            int expected = Float.floatToRawIntBits(theirs[at]);
            if (found != expected && !(Float.isNaN(ours[at]) && Float.isNaN(theirs[at]))) {
                int from = block * encoding.bytes();
                String hex = HexFormat.of().formatHex(bytes, from, from + encoding.bytes());
                return Optional.of(new Difference(number, hex, element, found, expected));
            }
        }
        return Optional.empty();
    }
}
