package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.ir.Slice;
import dev.quern.ir.Value;
import java.util.List;
import java.util.Optional;

/** What is the same for all kernels that compute a part of a result. */
final class Slices {
    private Slices() {}

    /**
     * The constants.
     *
     * @param whole the name of the one that says how large the whole is
     */
    static List<Constant> constants(String whole, Slice slice) {
        return List.of(new Constant.Whole("FIRST", slice.start()), new Constant.Whole(whole, slice.whole()));
    }

    /** What distinguishes the names of kernels, and of files, that know of a larger whole. */
    static String suffix(Optional<Slice> slice) {
        return slice.isPresent() ? "_slice" : "";
    }

    /**
     * The value whose place the result takes.
     *
     * @param input that the kernel reads while it writes, if it reads one
     * @throws SelectionException if the result cannot take it, since something reads that value still
     */
    static Optional<Value> inPlace(Slice slice, Optional<Value> input, Setting setting) {
        slice.others().ifPresent(others -> {
            if (input.filter(others::equals).isPresent()) {
                throw new SelectionException("The product reads " + others
                        + " as its input and writes its columns into it; what a kernel writes it cannot read.");
            }
            if (!setting.spent().contains(others)) {
                throw new SelectionException("The result takes the place of " + others
                        + ", which has its other parts; but something reads " + others + " afterwards.");
            }
        });
        return slice.others();
    }

    /**
     * Why there is a slice.
     *
     * @param rows of each part of the weight
     * @param what they are of the result
     */
    static String why(Slice slice, Value weight, long rows, String what) {
        return "Computes the " + what + " " + slice.start() + " to " + (slice.start() + rows - 1) + " of "
                + slice.whole() + ": " + weight
                + " is a part of a weight that is larger than what a device must be able"
                + " to bind at a time.";
    }
}
