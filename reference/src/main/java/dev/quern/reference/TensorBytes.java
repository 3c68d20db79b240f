package dev.quern.reference;

import java.nio.ByteBuffer;

/** The tensors of a model file as they lie there, encoded. */
@FunctionalInterface
public interface TensorBytes {

    /**
     * The bytes of a tensor: index 0 is its first byte, the limit its size.
     *
     * @throws IllegalArgumentException if there is no such tensor
     */
    ByteBuffer bytes(String tensorName);

    /** How many bytes a tensor has. */
    default long size(String tensorName) {
        return bytes(tensorName).limit();
    }

    /** Some bytes of a tensor. */
    default ByteBuffer bytes(String tensorName, long start, int length) {
        ByteBuffer whole = bytes(tensorName);
        return whole.slice(Math.toIntExact(start), length).order(whole.order());
    }
}
