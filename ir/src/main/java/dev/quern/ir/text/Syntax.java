package dev.quern.ir.text;

import dev.quern.ir.Dispatch;
import dev.quern.ir.Op;
import dev.quern.ir.Slice;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.ArgMax;
import dev.quern.ir.TensorOp.Attention;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.Embed;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.TensorOp.Products;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.TensorOp.Rope;
import dev.quern.ir.TensorOp.StateWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The table of operations: what each is called in text, and how it is taken apart and put together. Writer and reader
 * know operations only through it. Where an operand or a flag is optional it stands among the attributes and only where
 * it is there.
 */
public final class Syntax {
    private static final List<String> SLICE = List.of("start", "whole", "others");

    private static final List<Form<?>> FORMS = List.of(
            form(
                    "embed",
                    Embed.class,
                    op -> slice(Parts.of(op.tokens(), op.table()), op.slice()),
                    in -> new Embed(in.value(0), in.value(1), slice(in))),
            form("rms_norm", RmsNorm.class, ProductSyntax::rmsNorm, ProductSyntax::rmsNorm),
            form(
                    "matmul",
                    MatMul.class,
                    op -> Parts.of(op.x(), op.weight()),
                    in -> new MatMul(in.value(0), in.value(1))),
            form("map", TensorOp.Map.class, op -> Parts.of(op.expression()), in -> new TensorOp.Map(in.expression())),
            form(
                    "columns",
                    Columns.class,
                    op -> Parts.of(op.x()).and("start", op.start()).and("extent", op.extent()),
                    in -> new Columns(in.value(0), in.whole("start"), in.whole("extent"))),
            form(
                    "rope",
                    Rope.class,
                    op -> HeadsSyntax.rotation(Parts.of(op.x(), op.position()), op.rotation(), op.factors()),
                    in -> new Rope(in.value(0), in.value(1), in.operand("factors"), HeadsSyntax.rotation(in))),
            form(
                    "state_write",
                    StateWrite.class,
                    op -> Parts.of(op.state(), op.x(), op.position()),
                    in -> new StateWrite(in.value(0), in.value(1), in.value(2))),
            form("attention", Attention.class, HeadsSyntax::attention, HeadsSyntax::attention),
            form("argmax", ArgMax.class, op -> Parts.of(op.x()), in -> new ArgMax(in.value(0))),
            form("linear", Linear.class, ProductSyntax::linear, ProductSyntax::linear),
            form("products", Products.class, ProductSyntax::products, ProductSyntax::products),
            form("place_heads", PlaceHeads.class, HeadsSyntax::placeHeads, HeadsSyntax::placeHeads));

    private Syntax() {}

    /**
     * One line of the table.
     *
     * @param name the operation in text
     * @param type its record
     * @param take takes it apart
     * @param make puts it together
     */
    private record Form<T extends TensorOp>(
            String name, Class<T> type, Function<T, Parts> take, Function<Arguments, T> make) {
        Parts parts(TensorOp op) {
            return take.apply(type.cast(op));
        }
    }

    private static <T extends TensorOp> Form<T> form(
            String name, Class<T> type, Function<T, Parts> take, Function<Arguments, T> make) {
        return new Form<>(name, type, take, make);
    }

    /** All names, in the order of the table. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        FORMS.forEach(form -> names.add(form.name()));
        return List.copyOf(names);
    }

    /** What an operation is called; a dispatch is called after what it computes. */
    public static String name(Op op) {
        return of(mathematics(op)).name();
    }

    /** The operation, taken apart; of a dispatch, what it computes. */
    public static Parts parts(Op op) {
        TensorOp mathematics = mathematics(op);
        return of(mathematics).parts(mathematics);
    }

    private static TensorOp mathematics(Op op) {
        return switch (op) {
            case TensorOp tensor -> tensor;
            case Dispatch dispatch -> dispatch.computes();
        };
    }

    /**
     * Puts an operation together.
     *
     * @param name what it is called
     * @param parts its operands and attributes, attributes in any order
     * @throws SyntaxException if there is no such operation or the parts do not fit it
     */
    public static TensorOp make(String name, Parts parts) {
        for (Form<?> form : FORMS) {
            if (form.name().equals(name)) {
                Arguments arguments = new Arguments(name, parts);
                TensorOp op;
                try {
                    op = form.make().apply(arguments);
                } catch (IllegalArgumentException e) {
                    throw new SyntaxException(name + ": " + e.getMessage() + ".");
                }
                arguments.finish();
                return op;
            }
        }
        throw new SyntaxException("there is no operation '" + name + "'" + Nearest.among(name, names()) + ".");
    }

    private static Form<?> of(TensorOp op) {
        for (Form<?> form : FORMS) {
            if (form.type() == op.getClass()) {
                return form;
            }
        }
        throw new IllegalStateException("the table of operations lacks one");
    }

    static Parts slice(Parts parts, Optional<Slice> slice) {
        return slice.isPresent()
                ? parts.and("start", slice.get().start())
                        .and("whole", slice.get().whole())
                        .and("others", slice.get().others())
                : parts;
    }

    /** Rows of a larger weight, if one of the words is there that say so. */
    static Optional<Slice> slice(Arguments in) {
        return SLICE.stream().anyMatch(in::has)
                ? Optional.of(new Slice(in.whole("start"), in.whole("whole"), in.operand("others")))
                : Optional.empty();
    }
}
