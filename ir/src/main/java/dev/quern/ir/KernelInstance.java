package dev.quern.ir;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a dispatch computes its operation: everything about the kernel that was decided and does not follow from the
 * operation and the types of its operands. A decision is data: it stands in the text form, where a person can change
 * it.
 *
 * @param family the algorithm, words with dots between them: {@code matvec.lanes}
 * @param parameters what was decided for it, in the order of the names: {@code tiles = 4}
 */
public record KernelInstance(String family, Map<String, Parameter> parameters) {
    public KernelInstance {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    /** An instance without parameters, to add them to. */
    public static KernelInstance of(String family) {
        return new KernelInstance(family, Map.of());
    }

    /** The same with a number decided. */
    public KernelInstance with(String name, long value) {
        return with(name, new Parameter.Whole(value));
    }

    /** The same with one of several words decided. */
    public KernelInstance with(String name, String word) {
        return with(name, new Parameter.Word(word));
    }

    private KernelInstance with(String name, Parameter parameter) {
        Map<String, Parameter> all = new TreeMap<>(parameters);
        all.put(name, parameter);
        return new KernelInstance(family, all);
    }

    /** What is decided. */
    public sealed interface Parameter {
        /** {@code 4}. */
        record Whole(long value) implements Parameter {}

        /** {@code uniform}. */
        record Word(String text) implements Parameter {}
    }
}
