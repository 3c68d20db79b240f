package dev.quern.endtoend;

import dev.quern.gguf.GgufTensorType;

/** Takes the tensors of a model, one after the other: to fill them, or to note how large they are. */
interface TensorReceiver {
    /**
     * A matrix.
     *
     * @param name without its ending
     * @param gain by which its elements are larger than one over the root of the number of columns
     */
    void matrix(String name, GgufTensorType type, int columns, int rows, double gain);

    /** A vector whose elements are spread evenly around a centre. */
    void vector(String name, int elements, double centre, double spread);
}
