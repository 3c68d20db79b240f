package dev.quern.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The operations of the {@code dispatch} stage: what remains of the mathematics is the name of a kernel instance. */
public sealed interface DispatchOp extends Op {

    @Override
    DispatchOp map(UnaryOperator<Value> change);

    /**
     * One run of a kernel over a grid of workgroups.
     *
     * @param kernel the instance, printed {@code @kernel}
     * @param inputs the values read, in the order of the kernel's bindings; an input that is written in place stands
     *     here too
     * @param outputs the results, each with the input that it overwrites where it does so
     * @param grid workgroups along x, y and z
     */
    record Dispatch(String kernel, List<Value> inputs, List<Output> outputs, List<Extent> grid) implements DispatchOp {
        public Dispatch {
            inputs = List.copyOf(inputs);
            outputs = List.copyOf(outputs);
            grid = List.copyOf(grid);
        }

        /**
         * A result of a dispatch.
         *
         * @param type what it is
         * @param inPlace the index of the input whose memory it takes over, which then has no later use
         */
        public record Output(Type type, Optional<Integer> inPlace) {}

        /**
         * The number of workgroups along one axis: {@code ceil(factor * dim / divisor)}.
         *
         * @param dim a fixed extent or a symbol
         */
        public record Extent(Dim dim, long factor, long divisor) {
            public static Extent fixed(long groups) {
                return new Extent(new Dim.Fixed(groups), 1, 1);
            }

            /** The number of workgroups when the dimension has this extent. */
            public long at(long extent) {
                return Math.ceilDiv(Math.multiplyExact(extent, factor), divisor);
            }
        }

        @Override
        public List<Value> operands() {
            return inputs;
        }

        @Override
        public Dispatch map(UnaryOperator<Value> change) {
            List<Value> changed = new ArrayList<>();
            inputs.forEach(input -> changed.add(change.apply(input)));
            return new Dispatch(kernel, changed, outputs, grid);
        }

        @Override
        public List<Type> infer() {
            return outputs.stream().map(Output::type).toList();
        }
    }
}
