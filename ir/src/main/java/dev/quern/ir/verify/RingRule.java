package dev.quern.ir.verify;

import dev.quern.ir.Dispatch;
import dev.quern.ir.Op;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;

/** {@link Verifier.Rule#RING_HOLDS_WINDOW}: what reads and writes states that do not hold all positions. */
final class RingRule {
    private final long positions;

    /** The rule where the longest state has so many rows. */
    RingRule(long positions) {
        this.positions = positions;
    }

    /** A ring that does not hold what an operation needs, in a sentence. */
    record Broken(Value state, String sentence) {}

    /** A sentence for each state that is too short. */
    List<Broken> problems(Op op) {
        return switch (op) {
            case TensorOp tensor -> ofTensor(tensor);
            case Dispatch dispatch -> ofTensor(dispatch.computes());
        };
    }

    private List<Broken> ofTensor(TensorOp operation) {
        List<Broken> broken = new ArrayList<>();
        switch (operation) {
            case TensorOp.Attention op -> {
                attended(op, op.keys(), broken);
                attended(op, op.values(), broken);
            }
            case TensorOp.StateWrite op -> written(op.state(), op.x(), broken);
            case TensorOp.PlaceHeads op -> {
                written(op.keys(), op.key().x(), broken);
                written(op.values(), op.value().x(), broken);
            }
            case TensorOp ignored -> {}
        }
        return broken;
    }

    private void attended(TensorOp.Attention op, Value state, List<Broken> broken) {
        long rows = state.state().rows().max();
        if (rows >= positions) {
            return;
        }
        if (op.window().isEmpty()) {
            broken.add(new Broken(
                    state,
                    state + " is a ring of " + rows + " of the " + positions
                            + " positions; attention without a window sees all of them."));
            return;
        }
        long calls = op.query().tensor().rows().max();
        long needed = op.window().get() + calls - 1;
        if (rows < needed) {
            broken.add(new Broken(
                    state,
                    state + " is a ring of " + rows + " rows; a window of "
                            + op.window().get() + " before each of " + calls + " rows needs " + needed + "."));
        }
    }

    private void written(Value state, Value x, List<Broken> broken) {
        long rows = state.state().rows().max();
        long calls = x.tensor().rows().max();
        if (rows < positions && rows < calls) {
            broken.add(new Broken(
                    state, state + " is a ring of " + rows + " rows; " + calls + " rows do not fit into it."));
        }
    }
}
