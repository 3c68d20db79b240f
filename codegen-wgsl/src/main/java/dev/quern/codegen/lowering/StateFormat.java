package dev.quern.codegen.lowering;

import dev.quern.ir.Encoding;
import dev.quern.plan.CacheEncoding;

/**
 * How kernels hold the elements of a state: the files that they link for it, and of what its bindings are arrays.
 *
 * @param kept the encoding
 * @param pair the type of two elements, as kernels that take them in pairs bind them
 * @param wide the type that kernels bind which take eight elements at a time
 */
record StateFormat(CacheEncoding kept, String pair, String wide) {
    /** The format of an encoding in which kernels keep states: see {@link Setting#kept}. */
    static StateFormat of(Encoding encoding) {
        CacheEncoding kept = CacheEncoding.named(encoding.text())
                .orElseThrow(() -> new IllegalArgumentException("no kernel keeps states as " + encoding.text()));
        return switch (kept) {
            case F16 -> new StateFormat(kept, "u32", "vec4u");
            case F32 -> new StateFormat(kept, "vec2f", "vec4f");
        };
    }

    /** The name in the names of kernels. */
    String text() {
        return kept.text();
    }

    /** The file that packs two elements. */
    String writes() {
        return "state/" + text() + "_writes";
    }

    /** The file that reads keys and values in pairs. */
    String pairs() {
        return "state/" + text() + "_pairs";
    }

    /** The file that reads keys and values eight at a time. */
    String eights() {
        return "state/" + text() + "_eights";
    }
}
