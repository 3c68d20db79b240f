package dev.quern.passes;

import dev.quern.ir.Op;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.TensorOp.Rope;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How heads came about, read backwards from where they are used: a rotation, behind it a norm of each head or of all,
 * behind that columns of a wider value; each where there is one.
 *
 * @param part what is left if all of these are taken away
 * @param rope the rotation
 * @param taken the results of the operations that were taken away, the last of them first
 */
record HeadsChain(PlaceHeads.Part part, Optional<Rope> rope, List<Value> taken) {
    HeadsChain {
        taken = List.copyOf(taken);
    }

    /**
     * The chain that ends in some heads. An operation is part of it only if nothing else uses its result, but for the
     * last, whose result stays.
     *
     * @param heads the result
     * @param size elements of a head
     * @param stays whether the result is there afterwards too
     */
    static HeadsChain of(Value heads, long size, boolean stays, Uses uses) {
        List<Value> taken = new ArrayList<>();
        Value now = heads;
        Optional<Rope> rope = taken(now, Rope.class, stays, taken, uses);
        now = rope.map(Rope::x).orElse(now);
        Optional<RmsNorm> norm = uses.made(now, RmsNorm.class).filter(each -> each.plain() && ofHeads(each, size));
        if (norm.isPresent()) {
            norm = taken(now, RmsNorm.class, stays, taken, uses);
        }
        now = norm.map(RmsNorm::x).orElse(now);
        Optional<Columns> columns = taken(now, Columns.class, stays, taken, uses);
        PlaceHeads.Part part = new PlaceHeads.Part(
                columns.map(Columns::x).orElse(now),
                columns.map(Columns::start).orElse(0L),
                norm.map(each -> new Linear.Norm(each.gain(), each.epsilon())));
        return new HeadsChain(part, rope, taken);
    }

    /** Whether it normalises each head by itself, or all of them together. */
    private static boolean ofHeads(RmsNorm norm, long size) {
        long elements = norm.gain().tensor().maxElements();
        return elements == size || elements == norm.x().tensor().columns();
    }

    private static <T extends Op> Optional<T> taken(
            Value value, Class<T> kind, boolean stays, List<Value> taken, Uses uses) {
        Optional<T> op = uses.made(value, kind).filter(_ -> (stays && taken.isEmpty()) || uses.once(value));
        op.ifPresent(_ -> taken.add(value));
        return op;
    }
}
