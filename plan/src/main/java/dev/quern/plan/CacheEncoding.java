package dev.quern.plan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How a state keeps keys or values. */
public enum CacheEncoding {
    /** IEEE 754 binary16: two bytes an element; beyond 65504 infinite. */
    F16("f16", 1, 2, 0),
    /** IEEE 754 binary32, as they are computed: four bytes an element. */
    F32("f32", 1, 4, 0),
    /**
     * Signed bytes in blocks of 32 with a half as scale, 34 bytes a block: {@code q * d} with {@code d = max|x| / 127}.
     * A row has the bytes of all its blocks in the order of the elements, and behind them the scales of all.
     */
    Q8_0("q8_0", 32, 32, 2);

    /** The usual choice: half the memory of f32, and exact enough for nearly all models. */
    public static final CacheEncoding DEFAULT = F16;

    private static final long WORD = 4;
    private static final long LARGEST_HALF = 65_504;

    private final String text;
    private final int elements;
    private final int bytes;
    private final int scaleBytes;

    CacheEncoding(String text, int elements, int bytes, int scaleBytes) {
        this.text = text;
        this.elements = elements;
        this.bytes = bytes;
        this.scaleBytes = scaleBytes;
    }

    /** The name in bundles, options and messages. */
    public String text() {
        return text;
    }

    /** Elements that share a scale, which a head has a multiple of; 1 where none do. */
    public int elements() {
        return elements;
    }

    /** Where the range of elements ends, if it is smaller than that of f32: what lies beyond is kept as infinite. */
    public OptionalLong largest() {
        return switch (this) {
            case F16 -> OptionalLong.of(LARGEST_HALF);
            case F32 -> OptionalLong.empty();
            case Q8_0 -> OptionalLong.of(LARGEST_HALF * Byte.MAX_VALUE);
        };
    }

    /** Bytes of {@link #elements()} elements, with their scale. */
    public int blockBytes() {
        return bytes + scaleBytes;
    }

    /**
     * Bytes that a row of so many elements takes: whole words of 4 bytes.
     *
     * @param columns a multiple of {@link #elements()}
     */
    public long rowBytes(long columns) {
        return Math.ceilDiv(Math.multiplyExact(columns / elements, (long) blockBytes()), WORD) * WORD;
    }

    /** The encoding of that name. */
    public static Optional<CacheEncoding> named(String text) {
        for (CacheEncoding encoding : values()) {
            if (encoding.text.equals(text)) {
                return Optional.of(encoding);
            }
        }
        return Optional.empty();
    }

    /** All names, in order. */
    public static List<String> names() {
        return List.of(values()).stream().map(CacheEncoding::text).toList();
    }

    /** All names as a sentence lists them: {@code a, b or c}. */
    public static String choice() {
        List<String> names = names();
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }
}
