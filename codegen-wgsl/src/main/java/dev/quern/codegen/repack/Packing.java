package dev.quern.codegen.repack;

import dev.quern.ir.Encoding;
import java.util.List;

/**
 * How the blocks of an encoding lie in chunks of texels, and which kernel files read them there.
 *
 * <p>Of the texels of whole chunks, these per cent are padding: q2_k 12.5, q6_k 6.3, q3_k 1.8, and none of the other
 * encodings. The last chunk of a row has a whole header, however few blocks it holds.
 *
 * @param header texels before the quants of a chunk, per row
 * @param quants texels of the quants of 32 columns, per row; 0 if all lie in the header
 * @param chunk how many times 32 columns share a header
 * @param mover moves a row
 * @param codec the files of {@code codec/} that decode the texels, each after those that it links
 */
public record Packing(int header, int quants, int chunk, Mover mover, List<String> codec) {
    private static final Packing F32 = floats(Float.BYTES, "natural", "floats", "f32");
    private static final Packing F16 = floats(Short.BYTES, "natural", "floats", "halves", "f16");
    private static final Packing BF16 = floats(Short.BYTES, "natural", "floats", "halves", "bf16");
    private static final Packing Q4_0 =
            blocks(Encoding.Block.Q4_0, 1, 1, 8, Blocks::scaleAndNibbles, "nibbles", "q4_0");
    private static final Packing Q4_1 =
            blocks(Encoding.Block.Q4_1, 1, 1, 4, Blocks::scaleMinimumAndNibbles, "nibbles", "q4_1");
    private static final Packing Q5_0 =
            blocks(Encoding.Block.Q5_0, 3, 1, 8, Blocks::scaleAndFives, "bytes", "fives", "q5_0");
    private static final Packing Q5_1 =
            blocks(Encoding.Block.Q5_1, 2, 1, 4, Blocks::scaleMinimumAndFives, "bytes", "fives", "q5_1");
    private static final Packing Q8_0 = blocks(Encoding.Block.Q8_0, 1, 2, 8, Blocks::scaleAndBytes, "natural", "q8_0");
    private static final Packing Q2_K =
            blocks(Encoding.Block.Q2_K, 6, 0, 8, SuperBlocks::q2, "bytes", "two_bits", "sixteens", "q2_k");
    private static final Packing Q3_K =
            blocks(Encoding.Block.Q3_K, 7, 0, 8, SuperBlocks::q3, "bytes", "two_bits", "sixteens", "q3_k");
    private static final Packing Q4_K =
            blocks(Encoding.Block.Q4_K, 1, 1, 8, SuperBlocks::q4, "nibbles", "six_bit_scales", "q4_k");
    private static final Packing Q5_K =
            blocks(Encoding.Block.Q5_K, 3, 1, 8, SuperBlocks::q5, "bytes", "fives", "six_bit_scales", "q5_k");
    private static final Packing Q6_K =
            blocks(Encoding.Block.Q6_K, 6, 1, 8, SuperBlocks::q6, "bytes", "two_bits", "sixteens", "q6_k");
    private static final Packing IQ4_NL =
            blocks(Encoding.Block.IQ4_NL, 1, 1, 8, Blocks::scaleAndNibbles, "natural", "codes", "iq4", "iq4_nl");
    private static final Packing IQ4_XS =
            blocks(Encoding.Block.IQ4_XS, 1, 1, 16, SuperBlocks::iq4, "natural", "codes", "iq4", "iq4_xs");
    private static final Packing MXFP4 =
            blocks(Encoding.Block.MXFP4, 1, 1, 16, Blocks::exponentAndNibbles, "natural", "codes", "mxfp4");

    public Packing {
        codec = List.copyOf(codec);
    }

    /**
     * The packing of an encoding.
     *
     * @throws IllegalArgumentException for u32, which is no encoding of matrices
     */
    public static Packing of(Encoding encoding) {
        return switch (encoding) {
            case Encoding.Scalar scalar ->
                switch (scalar) {
                    case F32 -> F32;
                    case F16 -> F16;
                    case BF16 -> BF16;
                    case U32 -> throw new IllegalArgumentException("u32 holds integers; matrices hold floats.");
                };
            case Encoding.Block block ->
                switch (block) {
                    case Q4_0 -> Q4_0;
                    case Q4_1 -> Q4_1;
                    case Q5_0 -> Q5_0;
                    case Q5_1 -> Q5_1;
                    case Q8_0 -> Q8_0;
                    case Q2_K -> Q2_K;
                    case Q3_K -> Q3_K;
                    case Q4_K -> Q4_K;
                    case Q5_K -> Q5_K;
                    case Q6_K -> Q6_K;
                    case IQ4_NL -> IQ4_NL;
                    case IQ4_XS -> IQ4_XS;
                    case MXFP4 -> MXFP4;
                };
        };
    }

    /** Elements in the file's order, with no header. */
    private static Packing floats(int bytes, String... codec) {
        int quants = Tile.BLOCK * bytes / Tile.TEXEL;
        return new Packing(
                0, quants, 1, (source, from, length, row) -> row.bytes(0, source, from, length), List.of(codec));
    }

    private static Packing blocks(
            Encoding.Block encoding, int header, int quants, int chunk, Mover.OfBlock mover, String... codec) {
        int steps = encoding.elements() / Tile.BLOCK;
        int texels = header + chunk * quants;
        Mover rows = (source, from, bytes, row) -> {
            int step = 0;
            for (int at = from; at < from + bytes; at += encoding.bytes()) {
                mover.move(source, at, row, step / chunk * texels, step % chunk);
                step += steps;
            }
        };
        return new Packing(header, quants, chunk, rows, List.of(codec));
    }
}
