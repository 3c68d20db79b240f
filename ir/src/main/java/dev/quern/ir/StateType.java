package dev.quern.ir;

/**
 * Memory that outlives a call, read and written by operations that name it: the key and value caches. Its rows are
 * positions.
 *
 * @param contents the tensor that the state holds
 */
public record StateType(TensorType contents) implements Type {
    @Override
    public String toString() {
        return "state<" + contents + ">";
    }
}
