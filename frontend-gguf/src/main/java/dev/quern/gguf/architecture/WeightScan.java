package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.Quote;
import java.io.IOException;
import java.util.List;

/**
 * Looks for numbers that are no numbers: one NaN or infinity among the weights or the scales of blocks turns every logit
 * into NaN. Reads all tensor data once, in pieces of about a mebibyte.
 */
public final class WeightScan {
    private static final int PIECE_BYTES = 1 << 20;
    private static final int HALF_EXPONENT = 0x7c00;
    private static final int BRAIN_EXPONENT = 0x7f80;

    private final GgufFile file;
    private final Findings findings;

    /** A scan of a file; findings take the first bad number of each tensor. */
    public WeightScan(GgufFile file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** Where the floating-point numbers of a block lie, and how wide their exponents are. */
    private record Numbers(int bytes, int exponentMask, List<Integer> offsets) {}

    /** The numbers of one block; none for types whose blocks are not known well enough to look. */
    private static Numbers numbers(GgufTensorType type) {
        return switch (type) {
            case F32 -> new Numbers(4, 0x7f80_0000, List.of(0));
            case F16 -> new Numbers(2, HALF_EXPONENT, List.of(0));
            case BF16 -> new Numbers(2, BRAIN_EXPONENT, List.of(0));
            case Q4_0, Q5_0, Q8_0, IQ4_NL, Q1_0, Q2_0 -> new Numbers(2, HALF_EXPONENT, List.of(0));
            case Q4_1, Q5_1, Q4_K, Q5_K -> new Numbers(2, HALF_EXPONENT, List.of(0, 2));
            case Q2_K -> new Numbers(2, HALF_EXPONENT, List.of(80, 82));
            case Q3_K -> new Numbers(2, HALF_EXPONENT, List.of(108));
            case Q6_K -> new Numbers(2, HALF_EXPONENT, List.of(208));
            case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ4_XS -> new Numbers(2, HALF_EXPONENT, List.of(0));
            // A power of two, of which the largest exponent means that there is no number.
            case MXFP4 -> new Numbers(1, 0xff, List.of(0));
            case Q8_1, Q8_K, I8, I16, I32, I64, F64, IQ1_M, TQ1_0, TQ2_0, NVFP4 -> new Numbers(0, 0, List.of());
        };
    }

    /** Scans all tensors. */
    public void run() {
        for (GgufTensor tensor : file.tensors()) {
            Numbers numbers = numbers(tensor.type());
            if (!numbers.offsets().isEmpty()) {
                scan(tensor, numbers);
            }
        }
    }

    private void scan(GgufTensor tensor, Numbers numbers) {
        int block = tensor.type().blockBytes();
        byte[] piece = new byte[(int) Math.min(tensor.bytes(), PIECE_BYTES - PIECE_BYTES % block)];
        String where = "offset " + tensor.offset() + ", tensor " + Quote.of(tensor.name());
        for (long start = 0; start < tensor.bytes(); start += piece.length) {
            int length = (int) Math.min(piece.length, tensor.bytes() - start);
            try {
                file.read(tensor, start, piece, 0, length);
            } catch (IOException failure) {
                throw new GgufException(where, "Reading the data failed: " + failure.getMessage());
            }
            for (int at = 0; at < length; at += block) {
                for (int offset : numbers.offsets()) {
                    if (!isFinite(piece, at + offset, numbers)) {
                        findings.error(
                                where,
                                "The number at byte " + (start + at + offset)
                                        + " of the tensor is infinite or no number; the model would compute nothing "
                                        + "else. The file is damaged, or was converted wrongly.");
                        return;
                    }
                }
            }
        }
    }

    private static boolean isFinite(byte[] bytes, int at, Numbers numbers) {
        int bits = 0;
        for (int i = numbers.bytes() - 1; i >= 0; i--) {
            bits = bits << 8 | (bytes[at + i] & 0xff);
        }
        return (bits & numbers.exponentMask()) != numbers.exponentMask();
    }
}
