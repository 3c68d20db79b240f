package dev.quern.codegen.lowering;

import dev.quern.ir.Encoding;
import dev.quern.plan.CacheEncoding;
import java.util.List;

/**
 * How kernels hold the elements of a state: the files that they link for it, and of what its bindings are arrays.
 *
 * @param kept the encoding
 * @param pair what kernels bind that take few elements at a time: two of them, or a word
 * @param wide what kernels bind that take eight elements at a time
 */
record StateFormat(CacheEncoding kept, String pair, String wide) {
    /** The format of an encoding in which kernels keep states: see {@link Setting#kept}. */
    static StateFormat of(Encoding encoding) {
        CacheEncoding kept = CacheEncoding.named(encoding.text())
                .orElseThrow(() -> new IllegalArgumentException("no kernel keeps states as " + encoding.text()));
        return switch (kept) {
            case F16 -> new StateFormat(kept, "u32", "vec4u");
            case F32 -> new StateFormat(kept, "vec2f", "vec4f");
            // Rows need not be a multiple of longer vectors.
            case Q8_0 -> new StateFormat(kept, "u32", "u32");
        };
    }

    /** The name in the names of kernels. */
    String text() {
        return kept.text();
    }

    /** Whether elements share scales, so that a block is written at once. */
    boolean inBlocks() {
        return kept.elements() > 1;
    }

    /** The files that pack elements. */
    List<String> writes() {
        return switch (kept) {
            case F16, F32 -> List.of("state/" + text() + "_writes");
            // Scales are packed as halves.
            case Q8_0 -> List.of("state/f16_writes", "state/q8_0_writes");
        };
    }

    /** The files that read keys and values a few at a time. */
    List<String> pairs() {
        return reads("_pairs");
    }

    /** The files that read keys and values eight at a time. */
    List<String> eights() {
        return reads("_eights");
    }

    private List<String> reads(String kind) {
        return switch (kept) {
            case F16, F32 -> List.of("state/" + text() + kind);
            case Q8_0 -> List.of("state/q8_0_quants", "state/q8_0" + kind);
        };
    }
}
