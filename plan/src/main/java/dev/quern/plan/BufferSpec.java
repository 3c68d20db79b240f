package dev.quern.plan;

import java.util.Optional;

/**
 * A storage buffer that the runtime creates, filled with zeros.
 *
 * @param name unique in the plan
 * @param role what it is for
 * @param bytes a multiple of 4
 * @param rows how a state's positions lie in it; empty for all other roles
 */
public record BufferSpec(String name, Role role, long bytes, Optional<Rows> rows) {

    /** A buffer that is no state. */
    public BufferSpec(String name, Role role, long bytes) {
        this(name, role, bytes, Optional.empty());
    }

    /** Positions of which a state holds rows; 0 for all other roles. Position {@code p} is row {@code p mod} that. */
    public long positions() {
        return rows.filter(kept -> kept.bytes() > 0)
                .map(kept -> bytes / kept.bytes())
                .orElse(0L);
    }

    /**
     * The rows of a state, one a position, one behind the other.
     *
     * @param encoding of the elements
     * @param columns elements of a row, whole blocks of the encoding
     */
    public record Rows(CacheEncoding encoding, long columns) {
        /** Bytes of one row. */
        public long bytes() {
            return encoding.rowBytes(columns);
        }
    }

    /** What a buffer is for, and so who reads and writes it. */
    public enum Role {
        /**
         * Activations. Contents do not outlive an entry point. There is one, or more where some device may not bind one
         * buffer twice.
         */
        ARENA("arena"),
        /** Keys or values of one layer; contents outlive entry points. */
        STATE("state"),
        /** {@code u32[n]}: the tokens to read, written by the host or by {@code pick}. */
        TOKENS("tokens"),
        /** {@code u32[1]}: the position of the first token, written by the host or by {@code pick}. */
        POSITION("position"),
        /** {@code f32[vocabulary]}: what {@code step} leaves for the host or for {@code pick}. */
        LOGITS("logits"),
        /**
         * {@code u32[slots]}: {@code pick} writes the chosen token, or that there is none, at slot
         * {@code position % slots}.
         */
        RING("ring");

        private final String text;

        Role(String text) {
            this.text = text;
        }

        /** The name in the bundle. */
        public String text() {
            return text;
        }
    }
}
