package dev.quern.ir;

/**
 * Memory that outlives a call, read and written by operations that name it: the key and value caches. Position
 * {@code p} is row {@code p mod rows}: a state with fewer rows than there are positions is a ring of the last ones.
 *
 * @param contents the tensor that the state holds
 */
public record StateType(TensorType contents) implements Type {
    private static final long WORD = 4;

    /** Bytes of one row, which begins with a word: what its elements take, rounded up to words of 4 bytes. */
    public long rowBytes() {
        return Math.ceilDiv(contents.encoding().bytesOf(contents.columns()), WORD) * WORD;
    }

    /** The largest number of bytes that the state can take. */
    public long maxBytes() {
        return Math.multiplyExact(contents.rows().max(), rowBytes());
    }

    @Override
    public String toString() {
        return "state<" + contents + ">";
    }
}
