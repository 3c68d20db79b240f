package dev.quern.ir;

import java.util.List;

/** The typing rule of {@link TensorOp.PlaceHeads}. */
final class PlaceHeadsTyping {
    private final TensorOp.PlaceHeads op;

    private PlaceHeadsTyping(TensorOp.PlaceHeads op) {
        this.op = op;
    }

    static List<Type> infer(TensorOp.PlaceHeads op) {
        PlaceHeadsTyping typing = new PlaceHeadsTyping(op);
        op.parts().forEach(part -> Typing.matrix(part.x()));
        Typing.position(op.position());
        Typing.heads(op.heads(), op.keyValueHeads());
        typing.states();
        typing.rotation();
        long keyWidth = op.keys().state().columns();
        typing.part("query", op.query(), (long) op.heads() * op.headSize());
        typing.part("key", op.key(), keyWidth);
        typing.part("value", op.value(), keyWidth);
        return List.of(
                TensorType.f32(op.query().x().tensor().rows(), (long) op.heads() * op.headSize()),
                op.keys().type(),
                op.values().type());
    }

    private void states() {
        long width = op.keys().state().columns();
        if (width % op.keyValueHeads() != 0) {
            throw new TypeException(
                    TypeRule.PLACE_HEADS_KEYS,
                    "the columns of " + op.keys() + " (" + width + ") cannot be divided into " + op.keyValueHeads()
                            + " heads.");
        }
        Typing.equal(
                TypeRule.PLACE_HEADS_VALUES,
                "columns of " + op.values(),
                op.values().state().columns(),
                "columns of " + op.keys(),
                width);
    }

    private void rotation() {
        if (op.rotation().isPresent()) {
            Rotation rotation = op.rotation().get();
            Typing.factors(op.factors(), rotation);
            Typing.equal(
                    TypeRule.PLACE_HEADS_KEYS,
                    "elements of a head of " + op.keys(),
                    op.headSize(),
                    "elements of a rotated head",
                    rotation.headSize());
        } else if (op.factors().isPresent()) {
            throw new TypeException(
                    TypeRule.ROPE_FACTORS,
                    op.factors().get() + " divides the frequencies of a rotation, and there is none.");
        }
    }

    private void part(String name, TensorOp.PlaceHeads.Part part, long width) {
        if (!part.x().tensor().rows().equals(op.query().x().tensor().rows())) {
            throw new TypeException(
                    TypeRule.PLACE_HEADS_ROWS,
                    "the query " + op.query().x() + " is " + op.query().x().type() + " and the " + name + " " + part.x()
                            + " is " + part.x().type() + "; both must have the same rows.");
        }
        long columns = part.x().tensor().columns();
        if (part.start() < 0 || part.start() > columns - width) {
            throw new TypeException(
                    TypeRule.PLACE_HEADS_COLUMNS,
                    "the " + width + " columns of the " + name + " from " + part.start() + " do not lie in " + part.x()
                            + ", which has " + columns + ".");
        }
        part.norm().ifPresent(norm -> {
            long elements = norm.gain().tensor().maxElements();
            if (elements != op.headSize() && elements != width) {
                throw new TypeException(
                        TypeRule.PLACE_HEADS_NORM,
                        "elements of " + norm.gain() + " (" + elements + ") are neither those of a head ("
                                + op.headSize() + ") nor all columns of the " + name + " (" + width + ").");
            }
        });
    }
}
