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
}
