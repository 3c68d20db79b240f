package dev.quern.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The typing rules of {@link TensorOp}, which {@link TypeRule} lists. Each either gives the result types or says in a
 * sentence which two sides differ.
 */
final class Typing {
    private Typing() {}

    static List<Type> embed(TensorOp.Embed op) {
        require(
                op.tokens().tensor().encoding() == Encoding.Scalar.U32,
                TypeRule.EMBED_TOKENS,
                op.tokens(),
                "tokens must be u32");
        require(
                op.table().tensor().shape().size() == 2,
                TypeRule.EMBED_TABLE,
                op.table(),
                "the table must be a matrix");
        TensorType result =
                TensorType.f32(op.tokens().tensor().rows(), op.table().tensor().columns());
        op.slice().ifPresent(slice -> {
            within(slice, op.table(), op.table().tensor().rows().max());
            others(slice, result);
        });
        return List.of(result);
    }

    private static void within(Slice slice, Value weight, long rows) {
        if (slice.start() < 0 || slice.whole() < rows || slice.start() > slice.whole() - rows) {
            throw new TypeException(
                    TypeRule.SLICE_WITHIN,
                    "the " + rows + " rows of " + weight + " from " + slice.start() + " do not lie in a whole of "
                            + slice.whole() + ".");
        }
    }

    /** What has the other parts of a result. */
    private static void others(Slice slice, TensorType result) {
        if (slice.others().isPresent() != slice.start() > 0) {
            throw new TypeException(
                    TypeRule.SLICE_OTHERS,
                    "a slice "
                            + (slice.start() > 0
                                    ? "from " + slice.start()
                                            + " needs others = %name, which has what belongs to the rows"
                                            + " before it."
                                    : "from 0 has no rows before it, so it takes no others."));
        }
        slice.others().ifPresent(others -> {
            if (!others.type().equals(result)) {
                throw new TypeException(
                        TypeRule.SLICE_OTHERS,
                        others + " is " + others.type() + ", but the result is " + result
                                + "; both must have the same type.");
            }
        });
    }

    static List<Type> norm(TensorOp.RmsNorm op) {
        Value x = op.x();
        Value gain = op.gain();
        matrix(x);
        long size = gain.tensor().maxElements();
        if (size < 1 || x.tensor().columns() % size != 0) {
            throw new TypeException(
                    TypeRule.NORM_GAIN,
                    "the columns of " + x + " (" + x.tensor().columns()
                            + ") cannot be divided into groups of as many as " + gain + " has elements (" + size
                            + ").");
        }
        finish(op.finish(), 1, x.tensor());
        return List.of(x.tensor());
    }

    static List<Type> matmul(Value x, Value weight) {
        matrix(x);
        require(weight.tensor().shape().size() == 2, TypeRule.PRODUCT_WEIGHT, weight, "the weight must be a matrix");
        equal(
                TypeRule.PRODUCT_COLUMNS,
                "columns of " + x,
                x.tensor().columns(),
                "columns of " + weight,
                weight.tensor().columns());
        return List.of(TensorType.f32(x.tensor().rows(), weight.tensor().rows().max()));
    }

    static List<Type> argMax(Value x) {
        matrix(x);
        return List.of(new TensorType(Encoding.Scalar.U32, List.of(x.tensor().rows())));
    }

    static List<Type> map(TensorOp.Map op) {
        List<Value> values = op.expression().values();
        Value x = values.stream()
                .filter(value -> value.kind() == Value.Kind.LOCAL)
                .findFirst()
                .orElseThrow(() -> new TypeException(
                        TypeRule.MAP_ACTIVATION,
                        "a map reads at least one activation, %name, whose type is that of its result."));
        matrix(x);
        finish(op.expression(), 0, x.tensor());
        return List.of(x.tensor());
    }

    static List<Type> columns(TensorOp.Columns op) {
        matrix(op.x());
        if (op.start() < 0 || op.extent() < 1 || op.extent() > op.x().tensor().columns() - op.start()) {
            throw new TypeException(
                    TypeRule.COLUMNS_WITHIN,
                    op.extent() + " columns from " + op.start() + " do not lie in " + op.x() + ", which has "
                            + op.x().tensor().columns() + ".");
        }
        return List.of(TensorType.f32(op.x().tensor().rows(), op.extent()));
    }

    static List<Type> rope(TensorOp.Rope op) {
        matrix(op.x());
        position(op.position());
        factors(op.factors(), op.rotation());
        if (op.x().tensor().columns() % op.rotation().headSize() != 0) {
            throw new TypeException(
                    TypeRule.ROPE_HEADS,
                    "the columns of " + op.x() + " (" + op.x().tensor().columns() + ") cannot be divided into heads of "
                            + op.rotation().headSize() + ".");
        }
        return List.of(op.x().tensor());
    }

    static List<Type> stateWrite(TensorOp.StateWrite op) {
        matrix(op.x());
        position(op.position());
        equal(
                TypeRule.STATE_COLUMNS,
                "columns of " + op.x(),
                op.x().tensor().columns(),
                "columns of " + op.state(),
                op.state().state().columns());
        return List.of(op.state().type());
    }

    static List<Type> attention(TensorOp.Attention op) {
        matrix(op.query());
        position(op.position());
        heads(op.heads(), op.keyValueHeads());
        if (op.query().tensor().columns() % op.heads() != 0) {
            throw new TypeException(
                    TypeRule.ATTENTION_HEADS,
                    "the columns of " + op.query() + " (" + op.query().tensor().columns() + ") cannot be divided into "
                            + op.heads() + " heads.");
        }
        long width = (long) op.headSize() * op.keyValueHeads();
        equal(
                TypeRule.ATTENTION_KEYS,
                "columns of " + op.keys(),
                op.keys().state().columns(),
                "key and value heads times head size",
                width);
        equal(
                TypeRule.ATTENTION_VALUES,
                "columns of " + op.values(),
                op.values().state().columns(),
                "key and value heads times head size",
                width);
        op.window().filter(window -> window < 1).ifPresent(window -> {
            throw new TypeException(
                    TypeRule.ATTENTION_WINDOW, "a window must hold at least one position, not " + window + ".");
        });
        op.cap().filter(cap -> !(cap > 0 && Float.isFinite(cap))).ifPresent(cap -> {
            throw new TypeException(TypeRule.ATTENTION_CAP, "a cap must be positive and finite, not " + cap + ".");
        });
        op.sharpening()
                .filter(growth -> growth.interval() < 1 || !Float.isFinite(growth.strength()))
                .ifPresent(growth -> {
                    throw new TypeException(
                            TypeRule.ATTENTION_SHARPENING,
                            "scores that grow need an interval of at least one position and a finite strength, not "
                                    + growth.interval() + " and " + growth.strength() + ".");
                });
        return List.of(op.query().tensor());
    }

    static List<Type> linear(TensorOp.Linear op) {
        op.norm().ifPresent(norm -> {
            matrix(op.x());
            equal(
                    TypeRule.LINEAR_NORM,
                    "columns of " + op.x(),
                    op.x().tensor().columns(),
                    "elements of " + norm.gain(),
                    norm.gain().tensor().maxElements());
        });
        TensorType product = (TensorType) matmul(op.x(), op.weight()).getFirst();
        if (op.parts() < 1 || product.columns() % op.parts() != 0) {
            throw new TypeException(
                    TypeRule.LINEAR_PARTS,
                    "the rows of " + op.weight() + " (" + product.columns() + ") cannot be divided into " + op.parts()
                            + " equal parts.");
        }
        long own = product.columns() / op.parts();
        op.slice().ifPresent(slice -> within(slice, op.weight(), own));
        TensorType result =
                TensorType.f32(product.rows(), op.slice().map(Slice::whole).orElse(own));
        op.slice().ifPresent(slice -> others(slice, result));
        finish(op.finish(), op.parts(), result);
        return List.of(result);
    }

    static List<Type> products(TensorOp.Products op) {
        if (op.products().isEmpty()) {
            throw new TypeException(
                    TypeRule.PRODUCTS_WEIGHT, "products has no weight beside " + op.x() + "; it takes one or more.");
        }
        List<Type> types = new ArrayList<>();
        op.sum().ifPresent(sum -> {
            types.addAll(norm(sum.of(op.x())));
            equal(
                    TypeRule.PRODUCTS_SUM,
                    "columns of " + op.x(),
                    op.x().tensor().columns(),
                    "elements of " + sum.norm().gain(),
                    sum.norm().gain().tensor().maxElements());
        });
        op.linears(op.x()).forEach(linear -> types.addAll(linear(linear)));
        return List.copyOf(types);
    }

    /** An expression over so many parts whose result is of this type. */
    private static void finish(Pointwise expression, int parts, TensorType result) {
        for (Pointwise.Leaf leaf : expression.leaves()) {
            switch (leaf) {
                case Pointwise.Part part -> part(part.index(), parts);
                case Pointwise.Element element -> element(element.value(), result);
                case Pointwise.PerColumn vector ->
                    equal(
                            TypeRule.POINTWISE_VECTOR,
                            "elements of " + vector.value(),
                            vector.value().tensor().maxElements(),
                            "columns of the result",
                            result.columns());
                case Pointwise.Constant constant -> {
                    if (!Float.isFinite(constant.value())) {
                        throw new TypeException(
                                TypeRule.POINTWISE_CONSTANT,
                                "the constant " + constant.value() + " is not finite; an expression holds numbers.");
                    }
                }
            }
        }
    }

    private static void part(int index, int parts) {
        if (index < 0 || index >= parts) {
            throw new TypeException(
                    TypeRule.POINTWISE_PART,
                    "there is no part #" + index + "; "
                            + (parts == 0
                                    ? "only a product has parts."
                                    : "the product has " + (parts == 1 ? "only #0." : "#0 to #" + (parts - 1) + ".")));
        }
    }

    private static void element(Value value, TensorType result) {
        matrix(value);
        if (!value.type().equals(result)) {
            throw new TypeException(
                    TypeRule.POINTWISE_ELEMENT,
                    value + " is " + value.type() + ", but the result is " + result
                            + "; both must have the same type.");
        }
    }

    static List<Value> concat(List<Value> values, Optional<Value> last) {
        List<Value> all = new ArrayList<>(values);
        last.ifPresent(all::add);
        return List.copyOf(all);
    }

    static void matrix(Value x) {
        require(x.tensor().encoding() == Encoding.Scalar.F32, TypeRule.ACTIVATIONS_F32, x, "activations must be f32");
        require(
                x.tensor().shape().size() == 2,
                TypeRule.ACTIVATIONS_MATRIX,
                x,
                "activations must be matrices with one row per token");
    }

    static void position(Value position) {
        require(
                position.type().equals(TensorType.of(Encoding.Scalar.U32, 1)),
                TypeRule.POSITION,
                position,
                "a position must be u32[1]");
    }

    static void factors(Optional<Value> factors, Rotation rotation) {
        factors.ifPresent(f -> equal(
                TypeRule.ROPE_FACTORS,
                "elements of " + f,
                f.tensor().maxElements(),
                "rotated pairs",
                rotation.rotary() / 2));
    }

    static void heads(int heads, int keyValueHeads) {
        if (heads < 1 || keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new TypeException(
                    TypeRule.HEADS_SHARED,
                    heads + " query heads do not share " + keyValueHeads + " key and value heads evenly.");
        }
    }

    static void equal(TypeRule rule, String left, long leftExtent, String right, long rightExtent) {
        if (leftExtent != rightExtent) {
            throw new TypeException(
                    rule, left + " (" + leftExtent + ") differ from " + right + " (" + rightExtent + ").");
        }
    }

    static void require(boolean holds, TypeRule rule, Value value, String sentence) {
        if (!holds) {
            throw new TypeException(rule, value + " is " + value.type() + "; " + sentence + ".");
        }
    }
}
