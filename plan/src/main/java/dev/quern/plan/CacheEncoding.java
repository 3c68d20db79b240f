package dev.quern.plan;

import java.util.List;
import java.util.Optional;

/** How a state keeps keys or values. */
public enum CacheEncoding {
    /** IEEE 754 binary16: two bytes an element; beyond 65504 infinite. */
    F16("f16", 2),
    /** IEEE 754 binary32, as they are computed: four bytes an element. */
    F32("f32", 4);

    /** The usual choice: half the memory of f32, and exact enough for nearly all models. */
    public static final CacheEncoding DEFAULT = F16;

    private final String text;
    private final int elementBytes;

    CacheEncoding(String text, int elementBytes) {
        this.text = text;
        this.elementBytes = elementBytes;
    }

    /** The name in bundles, options and messages. */
    public String text() {
        return text;
    }

    /** Bytes that a row of so many elements takes. */
    public long bytesOf(long elements) {
        return Math.multiplyExact(elements, (long) elementBytes);
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
}
