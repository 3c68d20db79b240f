package dev.quern.gguf;

import java.util.Optional;

/**
 * The tensor types of GGUF with their numbers in a file. A type stores a row in blocks of {@link #blockElements()}
 * numbers, each {@link #blockBytes()} long; plain numbers are blocks of one.
 *
 * <p>The container reader knows them all, so that any file can be inspected; which of them Quern can run is decided
 * where a graph is built.
 */
public enum GgufTensorType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q8_1(9, 32, 36),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, 1, 2),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18),
    Q2_0(42, 64, 18);

    private final int id;
    private final int blockElements;
    private final int blockBytes;

    GgufTensorType(int id, int blockElements, int blockBytes) {
        this.id = id;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /** The type's number in a file. */
    public int id() {
        return id;
    }

    /** How many numbers one block holds; a row is a whole number of blocks. */
    public int blockElements() {
        return blockElements;
    }

    /** How many bytes one block takes. */
    public int blockBytes() {
        return blockBytes;
    }

    /** The type with that number, if there is one. */
    public static Optional<GgufTensorType> ofId(long id) {
        for (GgufTensorType type : values()) {
            if (type.id == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** What a number once meant that newer files must not use, for messages. */
    static Optional<String> removedName(long id) {
        return switch ((int) Math.min(id, Integer.MAX_VALUE)) {
            case 4 -> Optional.of("Q4_2");
            case 5 -> Optional.of("Q4_3");
            case 31 -> Optional.of("Q4_0_4_4");
            case 32 -> Optional.of("Q4_0_4_8");
            case 33 -> Optional.of("Q4_0_8_8");
            case 36 -> Optional.of("IQ4_NL_4_4");
            case 37 -> Optional.of("IQ4_NL_4_8");
            case 38 -> Optional.of("IQ4_NL_8_8");
            default -> Optional.empty();
        };
    }
}
