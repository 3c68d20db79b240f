package dev.quern.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where the rows of a weight lie in a larger one that cannot be bound whole. What is computed with them is a part of a
 * result; what belongs to rows before them is that of another value, whose place the result takes, and what belongs to
 * rows behind them is undefined. So a result is complete when the last rows have been computed.
 *
 * @param start the first row, counted in each part of the larger weight
 * @param whole rows of a part of the larger weight
 * @param others has what belongs to rows before the first; there is one unless the first is row 0
 */
public record Slice(long start, long whole, Optional<Value> others) {

    /** The slice that an operation computes, if it computes one. */
    public static Optional<Slice> of(Op op) {
        return switch (op) {
            case Dispatch dispatch -> of(dispatch.computes());
            case TensorOp.Embed embed -> embed.slice();
            case TensorOp.Linear linear -> linear.slice();
            case TensorOp _ -> Optional.empty();
        };
    }

    /** Whether an operation leaves a result of which a part is undefined. */
    public static boolean incomplete(Op op) {
        return switch (op) {
            case Dispatch dispatch -> incomplete(dispatch.computes());
            case TensorOp.Embed embed -> endsEarly(embed.slice(), embed.table(), 1);
            case TensorOp.Linear linear -> endsEarly(linear.slice(), linear.weight(), linear.parts());
            case TensorOp _ -> false;
        };
    }

    private static boolean endsEarly(Optional<Slice> slice, Value weight, int parts) {
        long rows = weight.tensor().rows().max() / parts;
        return slice.filter(each -> each.start() + rows < each.whole()).isPresent();
    }

    /**
     * Some rows of these rows.
     *
     * @param offset the first of them, counted from the first of these
     * @param before has what belongs to these rows before them, if there are any
     */
    public Slice part(long offset, Optional<Value> before) {
        return new Slice(start + offset, whole, before.or(() -> others));
    }

    Slice map(UnaryOperator<Value> change) {
        return new Slice(start, whole, others.map(change));
    }

    /** Operands, and what the slice reads beside them. */
    static List<Value> operands(List<Value> operands, Optional<Slice> slice) {
        List<Value> all = new ArrayList<>(operands);
        slice.flatMap(Slice::others).ifPresent(all::add);
        return List.copyOf(all);
    }
}
