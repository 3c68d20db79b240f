package dev.quern.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The operations of the {@code tensor} stage. Activations are matrices {@code f32[n, columns]}, one row a token;
 * weights are matrices {@code [outputs, inputs]} as model files store them.
 */
public sealed interface TensorOp extends Op {

    @Override
    TensorOp map(UnaryOperator<Value> change);

    /**
     * {@code y[i, :] = table[tokens[i], :]}: the rows of the table that the tokens name, decoded.
     *
     * @param slice if the table is a part of a larger one: {@code y[i, :] = table[tokens[i] - start, :]} where the
     *     token is one of the table's, {@code others[i, :]} where it is smaller, undefined where it is larger
     */
    record Embed(Value tokens, Value table, Optional<Slice> slice) implements TensorOp {
        /** Of a whole table. */
        public Embed(Value tokens, Value table) {
            this(tokens, table, Optional.empty());
        }

        @Override
        public List<Value> operands() {
            return Slice.operands(List.of(tokens, table), slice);
        }

        @Override
        public Embed map(UnaryOperator<Value> change) {
            return new Embed(change.apply(tokens), change.apply(table), slice.map(each -> each.map(change)));
        }

        @Override
        public List<Type> infer() {
            return Typing.embed(this);
        }
    }

    /**
     * Normalises each group of columns by itself, as many to a group as the gain has elements: the whole row, or each
     * head of it. {@code #0 = gain[j mod size] * x[i, j] / sqrt(mean_k(x[i, k]^2) + epsilon)} over the columns
     * {@code k} of the group of {@code j}, and {@code y[i, j] = finish(#0)}.
     *
     * @param gain {@code f32[size]}, where {@code size} divides the columns of x
     * @param finish of the normalised element, and of activations of the same type
     */
    record RmsNorm(Value x, Value gain, float epsilon, Pointwise finish) implements TensorOp {
        /** With nothing behind it. */
        public RmsNorm(Value x, Value gain, float epsilon) {
            this(x, gain, epsilon, Linear.PLAIN);
        }

        /** The same with something else behind it. */
        public RmsNorm with(Pointwise otherFinish) {
            return new RmsNorm(x, gain, epsilon, otherFinish);
        }

        /** Whether nothing stands behind it. */
        public boolean plain() {
            return finish.equals(Linear.PLAIN);
        }

        @Override
        public List<Value> operands() {
            List<Value> all = new ArrayList<>(List.of(x, gain));
            all.addAll(finish.values());
            return List.copyOf(all);
        }

        @Override
        public RmsNorm map(UnaryOperator<Value> change) {
            return new RmsNorm(change.apply(x), change.apply(gain), epsilon, finish.map(change));
        }

        @Override
        public List<Type> infer() {
            return Typing.norm(this);
        }
    }

    /** {@code y[i, j] = sum_k x[i, k] * weight[j, k]}. */
    record MatMul(Value x, Value weight) implements TensorOp {
        @Override
        public List<Value> operands() {
            return List.of(x, weight);
        }

        @Override
        public MatMul map(UnaryOperator<Value> change) {
            return new MatMul(change.apply(x), change.apply(weight));
        }

        @Override
        public List<Type> infer() {
            return Typing.matmul(x, weight);
        }
    }

    /**
     * {@code y[i, j] = expression(i, j)}: a function of each element by itself.
     *
     * @param expression reads at least one activation, whose type is that of the result, and no part
     */
    record Map(Pointwise expression) implements TensorOp {
        /** {@code left + right}. */
        public static Map sum(Value left, Value right) {
            return new Map(Pointwise.add(Pointwise.of(left), Pointwise.of(right)));
        }

        /** {@code factor * x}. */
        public static Map scaled(float factor, Value x) {
            return new Map(Pointwise.multiply(new Pointwise.Constant(factor), Pointwise.of(x)));
        }

        /** {@code function(gate) * up}. */
        public static Map gated(Pointwise.Function function, Value gate, Value up) {
            return new Map(Pointwise.gated(function, Pointwise.of(gate), Pointwise.of(up)));
        }

        @Override
        public List<Value> operands() {
            return expression.values();
        }

        @Override
        public Map map(UnaryOperator<Value> change) {
            return new Map(expression.map(change));
        }

        @Override
        public List<Type> infer() {
            return Typing.map(this);
        }
    }

    /** {@code y[i, j] = x[i, start + j]} for {@code 0 <= j < extent}. */
    record Columns(Value x, long start, long extent) implements TensorOp {
        @Override
        public List<Value> operands() {
            return List.of(x);
        }

        @Override
        public Columns map(UnaryOperator<Value> change) {
            return new Columns(change.apply(x), start, extent);
        }

        @Override
        public List<Type> infer() {
            return Typing.columns(this);
        }
    }

    /**
     * Rotary position embedding of each head of each row. Pair {@code p} of a head, elements {@code (a, b)}, is turned
     * by the angle {@code t = (position + i) * frequency_p}: {@code (a cos t - b sin t, a sin t + b cos t)}.
     *
     * @param x {@code f32[n, heads * headSize]}
     * @param position {@code u32[1]}, the position of row 0
     * @param factors {@code f32[rotary / 2]}, by which frequencies are divided (Llama 3.1's long context)
     */
    record Rope(Value x, Value position, Optional<Value> factors, Rotation rotation) implements TensorOp {
        @Override
        public List<Value> operands() {
            return Typing.concat(List.of(x, position), factors);
        }

        @Override
        public Rope map(UnaryOperator<Value> change) {
            return new Rope(change.apply(x), change.apply(position), factors.map(change), rotation);
        }

        @Override
        public List<Type> infer() {
            return Typing.rope(this);
        }
    }

    /**
     * {@code state[(position + i) mod rows, :] = x[i, :]}, rounded to the state's encoding; the result is the state
     * after the write.
     */
    record StateWrite(Value state, Value x, Value position) implements TensorOp {
        @Override
        public List<Value> operands() {
            return List.of(state, x, position);
        }

        @Override
        public StateWrite map(UnaryOperator<Value> change) {
            return new StateWrite(change.apply(state), change.apply(x), change.apply(position));
        }

        @Override
        public List<Type> infer() {
            return Typing.stateWrite(this);
        }
    }

    /**
     * Causal attention with grouped heads: query head {@code h} of row {@code i} attends with
     * {@code softmax(score(q . keys[p]))} over the positions {@code p <= position + i} of key head
     * {@code h / (heads / keyValueHeads)}, and sums {@code values[p]} by these weights. Where there is a window, only
     * over positions with {@code position + i - p < window}. Position {@code p} is row {@code p mod rows} of a state.
     *
     * <p>{@code score(z) = cap present ? cap * tanh(s * z / cap) : s * z}, where {@code s = scale}, or what
     * {@link Sharpening} makes of it at the position of the row.
     *
     * @param query {@code f32[n, heads * headSize]}
     * @param keys state of {@code [rows, keyValueHeads * headSize]}: all positions, or a ring that holds the window
     *     before every row of the query
     * @param values state of {@code [rows, keyValueHeads * headSize]}
     * @param position {@code u32[1]}, the position of row 0
     * @param window how many positions a row sees, its own among them
     * @param cap which no score exceeds, positive
     * @param sharpening how scores grow with the position of the row, if they do
     */
    record Attention(
            Value query,
            Value keys,
            Value values,
            Value position,
            int heads,
            int keyValueHeads,
            float scale,
            Optional<Integer> window,
            Optional<Float> cap,
            Optional<Sharpening> sharpening)
            implements TensorOp {

        /**
         * Scores that grow with the position of the row: {@code scale * (1 + strength * ln(1 + floor(position /
         * interval)))}. Models with long contexts so keep attention from blurring over many positions. Llama 4 and
         * Ministral 3.
         *
         * @param interval positions from one step to the next; within the first nothing grows
         * @param strength finite
         */
        public record Sharpening(int interval, float strength) {}

        /** Attention with a window and a cap, the same at all positions. */
        public Attention(
                Value query,
                Value keys,
                Value values,
                Value position,
                int heads,
                int keyValueHeads,
                float scale,
                Optional<Integer> window,
                Optional<Float> cap) {
            this(query, keys, values, position, heads, keyValueHeads, scale, window, cap, Optional.empty());
        }

        /** Attention to all positions, with scores as they are. */
        public Attention(
                Value query, Value keys, Value values, Value position, int heads, int keyValueHeads, float scale) {
            this(query, keys, values, position, heads, keyValueHeads, scale, Optional.empty(), Optional.empty());
        }

        @Override
        public List<Value> operands() {
            return List.of(query, keys, values, position);
        }

        @Override
        public Attention map(UnaryOperator<Value> change) {
            return new Attention(
                    change.apply(query),
                    change.apply(keys),
                    change.apply(values),
                    change.apply(position),
                    heads,
                    keyValueHeads,
                    scale,
                    window,
                    cap,
                    sharpening);
        }

        @Override
        public List<Type> infer() {
            return Typing.attention(this);
        }

        /** Elements of one head. */
        public int headSize() {
            return (int) (query.tensor().columns() / heads);
        }
    }

    /**
     * {@code y[i] =} the smallest {@code j} at which {@code x[i, j]} is largest, if all of {@code x[i, :]} is finite;
     * {@link #NONE} if any of it is NaN or infinite, for then the arithmetic has failed, and none of these numbers is
     * worth more than another.
     */
    record ArgMax(Value x) implements TensorOp {
        /** What there is where nothing is largest: 2^32 - 1. */
        public static final int NONE = -1;

        @Override
        public List<Value> operands() {
            return List.of(x);
        }

        @Override
        public ArgMax map(UnaryOperator<Value> change) {
            return new ArgMax(change.apply(x));
        }

        @Override
        public List<Type> infer() {
            return Typing.argMax(x);
        }
    }

    /**
     * A matrix product with what stands before and after it, made by fusion.
     *
     * <p>{@code n = norm present ? rms_norm(x) : x; m[i, j] = sum_k n[i, k] * weight[j, k]}; the part {@code #p} of the
     * element {@code [i, j]} is {@code m[i, p * rows / parts + j]}, and {@code y = finish(#0, #1, …)}.
     *
     * @param parts as how many matrices one under another the weight is read; it divides the weight's rows
     * @param finish of the parts, and of activations of the result's type
     * @param slice if the weight is a part of a larger one: this computes the columns {@code [start, start + rows /
     *     parts)} of a result of {@code whole} columns. Those before them are those of {@code others}, those behind
     *     them undefined. The finish counts columns in the whole result
     */
    record Linear(Value x, Optional<Norm> norm, Value weight, int parts, Pointwise finish, Optional<Slice> slice)
            implements TensorOp {

        /** With a whole weight. */
        public Linear(Value x, Optional<Norm> norm, Value weight, int parts, Pointwise finish) {
            this(x, norm, weight, parts, finish, Optional.empty());
        }

        /** The finish that leaves a product as it is. */
        public static final Pointwise PLAIN = new Pointwise.Part(0);

        /** The normalisation of the input: see {@link RmsNorm}. */
        public record Norm(Value gain, float epsilon) {
            Norm map(UnaryOperator<Value> change) {
                return new Norm(change.apply(gain), epsilon);
            }
        }

        /** A product with nothing before or behind it. */
        public static Linear of(MatMul product) {
            return new Linear(product.x(), Optional.empty(), product.weight(), 1, PLAIN);
        }

        /** The same with something else behind the product. */
        public Linear with(int otherParts, Pointwise otherFinish) {
            return new Linear(x, norm, weight, otherParts, otherFinish, slice);
        }

        /** The same with some rows of its weight. */
        public Linear with(Value rows, Slice newSlice) {
            return new Linear(x, norm, rows, parts, finish, Optional.of(newSlice));
        }

        /** Whether nothing stands behind the product. */
        public boolean plain() {
            return parts == 1 && finish.equals(PLAIN);
        }

        @Override
        public List<Value> operands() {
            List<Value> all = new ArrayList<>(List.of(x, weight));
            norm.ifPresent(n -> all.add(n.gain()));
            all.addAll(finish.values());
            return Slice.operands(all, slice);
        }

        @Override
        public Linear map(UnaryOperator<Value> change) {
            return new Linear(
                    change.apply(x),
                    norm.map(each -> each.map(change)),
                    change.apply(weight),
                    parts,
                    finish.map(change),
                    slice.map(each -> each.map(change)));
        }

        @Override
        public List<Type> infer() {
            return Typing.linear(this);
        }
    }

    /**
     * Puts the heads of query, key and value where attention reads them: normalises and rotates each head, writes keys
     * and values to their states, gives the placed queries and the two states after the write. Values are not rotated.
     * Made by fusion of {@link Columns}, {@link RmsNorm}, {@link Rope} and {@link StateWrite}.
     *
     * @param position {@code u32[1]}, the position of row 0
     * @param keys state of {@code [context, keyValueHeads * headSize]}
     * @param values state of the same columns
     * @param factors of the rotation: see {@link Rope}
     * @param rotation of queries and keys, if they are rotated
     */
    record PlaceHeads(
            Part query,
            Part key,
            Part value,
            Value position,
            Value keys,
            Value values,
            Optional<Value> factors,
            int heads,
            int keyValueHeads,
            Optional<Rotation> rotation)
            implements TensorOp {

        /**
         * Where heads come from: the columns from {@code start} on, as many as the heads need. Parts may lie in one
         * value or in several.
         *
         * @param x activations {@code f32[n, columns]}
         * @param norm before the rotation: of each head by itself, where its gain has {@code headSize} elements, or of
         *     all heads together, where it has an element for each column
         */
        public record Part(Value x, long start, Optional<Linear.Norm> norm) {
            /** Heads that are not normalised. */
            public Part(Value x, long start) {
                this(x, start, Optional.empty());
            }

            Part map(UnaryOperator<Value> change) {
                return new Part(change.apply(x), start, norm.map(each -> each.map(change)));
            }
        }

        /** Query, key and value. */
        public List<Part> parts() {
            return List.of(query, key, value);
        }

        /** Elements of one head. */
        public int headSize() {
            return (int) (keys.state().columns() / keyValueHeads);
        }

        @Override
        public List<Value> operands() {
            List<Value> all = new ArrayList<>();
            parts().forEach(part -> all.add(part.x()));
            all.addAll(List.of(position, keys, values));
            factors.ifPresent(all::add);
            parts().forEach(part -> part.norm().ifPresent(norm -> all.add(norm.gain())));
            return all.stream().distinct().toList();
        }

        @Override
        public PlaceHeads map(UnaryOperator<Value> change) {
            return new PlaceHeads(
                    query.map(change),
                    key.map(change),
                    value.map(change),
                    change.apply(position),
                    change.apply(keys),
                    change.apply(values),
                    factors.map(change),
                    heads,
                    keyValueHeads,
                    rotation);
        }

        @Override
        public List<Type> infer() {
            return PlaceHeadsTyping.infer(this);
        }
    }

    /**
     * Products of one input, side by side: for each, what {@link Linear} computes of it.
     *
     * <p>{@code n = sum present ? residual + rms_norm(x) : x}, which is the first result where there is a sum; then
     * {@code y_p = linear(n, norm, weight_p, parts_p, finish_p)}, a result each, in their order.
     *
     * @param sum that the products are of, if they are not of x itself
     * @param products at least one
     */
    record Products(Value x, Optional<Sum> sum, Optional<Linear.Norm> norm, List<Product> products)
            implements TensorOp {
        public Products {
            products = List.copyOf(products);
        }

        /** Products of a value as it is. */
        public Products(Value x, Optional<Linear.Norm> norm, List<Product> products) {
            this(x, Optional.empty(), norm, products);
        }

        /**
         * What is added to the input, once it has been normalised as a whole row.
         *
         * @param residual of the input's type
         */
        public record Sum(Value residual, Linear.Norm norm) {
            Sum map(UnaryOperator<Value> change) {
                return new Sum(change.apply(residual), norm.map(change));
            }

            /** The sum by itself. */
            public RmsNorm of(Value x) {
                return new RmsNorm(x, norm.gain(), norm.epsilon(), Pointwise.add(Pointwise.of(residual), Linear.PLAIN));
            }
        }

        /** What is computed with one weight: see {@link Linear}. */
        public record Product(Value weight, int parts, Pointwise finish) {
            /** What a product by itself has beside its input. */
            public static Product of(Linear linear) {
                return new Product(linear.weight(), linear.parts(), linear.finish());
            }

            Product map(UnaryOperator<Value> change) {
                return new Product(change.apply(weight), parts, finish.map(change));
            }
        }

        /**
         * Each product by itself.
         *
         * @param input that they are of: x, or the sum
         */
        public List<Linear> linears(Value input) {
            return products.stream()
                    .map(each -> new Linear(input, norm, each.weight(), each.parts(), each.finish()))
                    .toList();
        }

        @Override
        public List<Value> operands() {
            List<Value> all = new ArrayList<>(List.of(x));
            products.forEach(each -> all.add(each.weight()));
            sum.ifPresent(s -> all.addAll(List.of(s.residual(), s.norm().gain())));
            norm.ifPresent(n -> all.add(n.gain()));
            products.forEach(each -> all.addAll(each.finish().values()));
            return all.stream().distinct().toList();
        }

        @Override
        public Products map(UnaryOperator<Value> change) {
            return new Products(
                    change.apply(x),
                    sum.map(each -> each.map(change)),
                    norm.map(each -> each.map(change)),
                    products.stream().map(each -> each.map(change)).toList());
        }

        @Override
        public List<Type> infer() {
            return Typing.products(this);
        }
    }
}
