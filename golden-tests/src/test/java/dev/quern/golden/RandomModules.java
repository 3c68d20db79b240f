package dev.quern.golden;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Module;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Rotation;
import dev.quern.ir.Slice;
import dev.quern.ir.Stage;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Small modules of the tensor stage that verify: for properties over all passes. */
final class RandomModules {
    private static final int CONTEXT = 8;
    private final Random random;
    private final List<Weight> weights = new ArrayList<>();
    private final List<Value> pool = new ArrayList<>();
    private FunctionBuilder builder = new FunctionBuilder("none");
    private Dim rows = new Dim.Fixed(1);

    private RandomModules(long seed) {
        this.random = new Random(seed);
    }

    /** Any operations on any values that fit: much of it dead, equal to something else, or used twice. */
    static Module anyGraph(long seed) {
        return new RandomModules(seed).anyGraph();
    }

    /**
     * Layers as Llama has them, of random shapes, in two functions over the same weights; now and then with a twist
     * that forbids a fusion.
     */
    static Module layers(long seed) {
        return new RandomModules(seed).layers();
    }

    private Module anyGraph() {
        Dim.Symbol sequence = new Dim.Symbol("seq", 3);
        rows = random.nextBoolean() ? sequence : new Dim.Fixed(2);
        builder = new FunctionBuilder("any");
        Value position = builder.parameter("position", TensorType.of(Encoding.Scalar.U32, 1));
        List<Value> states = new ArrayList<>();
        for (int index = 0; index < 2; index++) {
            states.add(builder.parameter("state", new StateType(TensorType.of(Encoding.Scalar.F16, CONTEXT, 16))));
        }
        for (long columns : new long[] {16, 32, 8}) {
            pool.add(builder.parameter("x", TensorType.f32(rows, columns)));
        }
        for (int count = 3 + random.nextInt(20); count > 0; count--) {
            statement(position, states);
        }
        List<Value> results = new ArrayList<>(states);
        results.add(pool.getLast());
        results.add(any());
        return new Module("any " + rows, Stage.TENSOR, List.of(sequence), weights, List.of(builder.build(results)));
    }

    private void statement(Value position, List<Value> states) {
        Value x = any();
        long columns = x.tensor().columns();
        switch (random.nextInt(11)) {
            case 0 -> keep(random.nextBoolean() ? TensorOp.Map.scaled(pick(1f, 1f, 2f, 0.5f), x) : map(x));
            case 1, 2 -> keep(TensorOp.Map.sum(x, anyLike(x)));
            case 3 -> {
                long start = random.nextInt((int) columns);
                keep(new TensorOp.Columns(x, start, 1 + random.nextInt((int) (columns - start))));
            }
            case 4, 5 ->
                keep(new TensorOp.MatMul(x, matrix(columns, pick(16, 32, 16)).value()));
            case 6 -> {
                long groups = columns % 8 == 0 && random.nextBoolean() ? 8 : columns;
                keep(new TensorOp.RmsNorm(x, vector(groups).value(), 1e-5f));
            }
            case 7 -> {
                Value whole = keep(new TensorOp.MatMul(x, matrix(columns, 32).value()));
                Value gate = keep(new TensorOp.Columns(whole, 0, 16));
                keep(TensorOp.Map.gated(Pointwise.Function.SILU, gate, keep(new TensorOp.Columns(whole, 16, 16))));
            }
            case 8 -> {
                if (columns % 8 == 0) {
                    keep(new TensorOp.Rope(x, position, Optional.empty(), rotation(8)));
                }
            }
            case 9 -> slices(x, columns);
            default -> {
                if (columns == 16) {
                    int which = random.nextInt(states.size());
                    states.set(which, builder.add("state", new TensorOp.StateWrite(states.get(which), x, position)));
                    keep(new TensorOp.Attention(
                            anyLike(x),
                            states.get(0),
                            states.get(1),
                            position,
                            2,
                            2,
                            0.5f,
                            window(),
                            cap(),
                            sharpening()));
                }
            }
        }
    }

    /** A product whose weight is in two; what the first alone leaves is not for anybody to read. */
    private void slices(Value x, long columns) {
        Value first = builder.add("slice", slice(x, columns, new Slice(0, 32, Optional.empty())));
        keep(slice(x, columns, new Slice(16, 32, Optional.of(first))));
    }

    private TensorOp.Linear slice(Value x, long columns, Slice slice) {
        Value rows = matrix(columns, 16).value();
        return new TensorOp.Linear(x, Optional.empty(), rows, 1, TensorOp.Linear.PLAIN, Optional.of(slice));
    }

    /** A function of single elements that reads one, two or three values. */
    private TensorOp.Map map(Value x) {
        Pointwise own = Pointwise.of(x);
        Pointwise vector = Pointwise.of(vector(x.tensor().columns()).value());
        Pointwise other = Pointwise.of(anyLike(x));
        return new TensorOp.Map(
                switch (random.nextInt(5)) {
                    case 0 -> Pointwise.add(own, vector);
                    case 1 -> new Pointwise.Unary(Pointwise.Function.TANH, own);
                    case 2 -> new Pointwise.Binary(Pointwise.Operator.MAX, own, Pointwise.multiply(other, vector));
                    case 3 -> Pointwise.gated(Pointwise.Function.GELU, other, own);
                    default -> Pointwise.add(other, Pointwise.multiply(new Pointwise.Constant(0.5f), own));
                });
    }

    private Module layers() {
        int headSize = pick(4, 8, 16);
        int keyValueHeads = pick(1, 2, 3);
        int heads = keyValueHeads * pick(1, 2, 3);
        Shape shape = new Shape(
                32 * pick(1, 2),
                heads,
                keyValueHeads,
                headSize,
                32 * pick(1, 3),
                rotation(headSize),
                random.nextLong());
        Dim.Symbol sequence = new Dim.Symbol("seq", 3);
        int count = pick(1, 2);
        declare(shape, count);
        return new Module(
                "layers",
                Stage.TENSOR,
                List.of(sequence),
                weights,
                List.of(function("step", new Dim.Fixed(1), shape, count), function("prefill", sequence, shape, count)));
    }

    /** What the layers of one module have in common. */
    private record Shape(
            int width, int heads, int keyValueHeads, int headSize, int hidden, Rotation rotation, long twists) {
        long keyWidth() {
            return (long) keyValueHeads * headSize;
        }

        boolean twist(int number) {
            return (twists >>> (2 * number) & 3) == 0;
        }
    }

    private void declare(Shape shape, int count) {
        for (int layer = 0; layer < count; layer++) {
            String blk = "blk." + layer + ".";
            Encoding encoding = encoding();
            Encoding other = shape.twist(0) ? encoding() : encoding;
            weight(blk + "attn_norm", Encoding.Scalar.F32, shape.width());
            weight(blk + "attn_q", encoding, (long) shape.heads() * shape.headSize(), shape.width());
            weight(blk + "attn_k", encoding, shape.keyWidth(), shape.width());
            weight(blk + "attn_v", other, shape.keyWidth(), shape.width());
            weight(blk + "attn_q.bias", Encoding.Scalar.F32, (long) shape.heads() * shape.headSize());
            weight(blk + "attn_k.bias", Encoding.Scalar.F32, shape.keyWidth());
            weight(blk + "attn_v.bias", Encoding.Scalar.F32, shape.keyWidth());
            weight(blk + "ffn_gate.bias", Encoding.Scalar.F32, shape.hidden());
            weight(blk + "attn_output", Encoding.Scalar.F16, shape.width(), (long) shape.heads() * shape.headSize());
            weight(blk + "ffn_norm", Encoding.Scalar.F32, shape.width());
            weight(blk + "ffn_up", other, shape.hidden(), shape.width());
            weight(blk + "ffn_gate", encoding, shape.hidden(), shape.width());
            weight(blk + "ffn_down", encoding(), shape.width(), shape.hidden());
        }
        weight("factors", Encoding.Scalar.F32, shape.rotation().rotary() / 2);
        weight("head_norm", Encoding.Scalar.F32, shape.headSize());
    }

    private Function function(String name, Dim sequence, Shape shape, int count) {
        builder = new FunctionBuilder(name);
        Value h = builder.parameter("x", TensorType.f32(sequence, shape.width()));
        Value position = builder.parameter("position", TensorType.of(Encoding.Scalar.U32, 1));
        Type state = new StateType(TensorType.of(Encoding.Scalar.F16, CONTEXT, shape.keyWidth()));
        List<Value> results = new ArrayList<>();
        for (int layer = 0; layer < count; layer++) {
            Value keys = builder.parameter("keys", state);
            Value values = builder.parameter("values", state);
            h = layer("blk." + layer + ".", shape, h, position, keys, values, results);
        }
        results.add(h);
        return builder.build(results);
    }

    /** A product, with a bias or without. */
    private Value projection(String name, Value x, String weight, boolean biased) {
        Value product = builder.add(name, new TensorOp.MatMul(x, named(weight)));
        return biased ? builder.add(name, TensorOp.Map.sum(product, named(weight + ".bias"))) : product;
    }

    private Value layer(
            String blk, Shape shape, Value h, Value position, Value keys, Value values, List<Value> results) {
        Optional<Value> factors = shape.twist(1) ? Optional.of(named("factors")) : Optional.empty();
        Value n = builder.add("n", new TensorOp.RmsNorm(h, named(blk + "attn_norm"), 1e-5f));
        Value v = projection("v", n, blk + "attn_v", shape.twist(10));
        Value q = projection("q", n, blk + "attn_q", shape.twist(10) || shape.twist(11));
        Value k = projection("k", n, blk + "attn_k", shape.twist(10));
        if (shape.twist(6)) {
            q = builder.add("q", new TensorOp.RmsNorm(q, named("head_norm"), 1e-6f));
            k = builder.add("k", new TensorOp.RmsNorm(k, named("head_norm"), 1e-6f));
        }
        boolean rotated = !shape.twist(7);
        Value q1 = rotated ? builder.add("q", new TensorOp.Rope(q, position, factors, shape.rotation())) : q;
        Value k1 = rotated ? builder.add("k", new TensorOp.Rope(k, position, factors, shape.rotation())) : k;
        Value values1 = builder.add("values", new TensorOp.StateWrite(values, v, position));
        Value keys1 = builder.add("keys", new TensorOp.StateWrite(keys, k1, position));
        Value a = builder.add(
                "a",
                new TensorOp.Attention(
                        q1,
                        keys1,
                        values1,
                        position,
                        shape.heads(),
                        shape.keyValueHeads(),
                        0.25f,
                        shape.twist(8) ? Optional.of(2) : Optional.empty(),
                        shape.twist(9) ? Optional.of(0.5f) : Optional.empty()));
        Value o = builder.add("o", new TensorOp.MatMul(a, named(blk + "attn_output")));
        Value h1 = builder.add("h", shape.twist(2) ? TensorOp.Map.sum(o, h) : TensorOp.Map.sum(h, o));
        Value n1 = builder.add("n", new TensorOp.RmsNorm(h1, named(blk + "ffn_norm"), 1e-6f));
        Value up = builder.add("up", new TensorOp.MatMul(n1, named(blk + "ffn_up")));
        Value gate = projection("gate", n1, blk + "ffn_gate", shape.twist(12));
        Pointwise.Function function = shape.twist(13) ? Pointwise.Function.GELU : Pointwise.Function.SILU;
        Value g = builder.add("g", TensorOp.Map.gated(function, gate, up));
        Value d = builder.add("d", new TensorOp.MatMul(g, named(blk + "ffn_down")));
        Value scaled = builder.add("d", TensorOp.Map.scaled(shape.twist(3) ? 0.5f : 1f, d));
        if (shape.twist(4)) {
            results.addAll(List.of(k1, n1));
        }
        if (shape.twist(5)) {
            results.addAll(List.of(gate, o));
        }
        results.addAll(List.of(keys1, values1));
        return builder.add("h", TensorOp.Map.sum(h1, scaled));
    }

    private Value keep(TensorOp op) {
        Value value = builder.add("v", op);
        pool.add(value);
        return value;
    }

    private Value any() {
        return pool.get(random.nextInt(pool.size()));
    }

    /** A value of the same type, the same one if need be. */
    private Value anyLike(Value x) {
        List<Value> like =
                pool.stream().filter(value -> value.type().equals(x.type())).toList();
        return like.get(random.nextInt(like.size()));
    }

    /** A matrix of this shape: one of those that there are, or a new one. */
    private Weight matrix(long columns, int rowCount) {
        Encoding encoding = columns % 32 == 0 ? encoding() : Encoding.Scalar.F16;
        return weights.stream()
                .filter(w -> w.type().shape().size() == 2
                        && w.type().columns() == columns
                        && w.type().rows().max() == rowCount
                        && random.nextBoolean())
                .findFirst()
                .orElseGet(() -> weight("w" + weights.size(), encoding, rowCount, columns));
    }

    private Weight vector(long elements) {
        return weight("w" + weights.size(), Encoding.Scalar.F32, elements);
    }

    private Weight weight(String name, Encoding encoding, long... extents) {
        Weight weight = new Weight(name, TensorType.of(encoding, extents), List.of(name + ".weight"));
        weights.add(weight);
        return weight;
    }

    private Value named(String name) {
        return weights.stream()
                .filter(weight -> weight.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private Encoding encoding() {
        Encoding[] encodings = {Encoding.Scalar.F32, Encoding.Scalar.BF16, Encoding.Block.Q4_0, Encoding.Block.Q8_0};
        return encodings[random.nextInt(encodings.length)];
    }

    private Rotation rotation(int headSize) {
        int rotary = random.nextBoolean() ? headSize : headSize / 2;
        Rotation.Pairing pairing = random.nextBoolean() ? Rotation.Pairing.ADJACENT : Rotation.Pairing.HALVES;
        return random.nextBoolean()
                ? new Rotation(headSize, rotary, 10_000, 1, pairing)
                : new Rotation(
                        headSize, rotary, 10_000, 0.25f, pairing, Optional.of(new Rotation.Yarn(64, 8, 1)), 1.25f);
    }

    private Optional<Integer> window() {
        return random.nextBoolean() ? Optional.empty() : Optional.of(1 + random.nextInt(CONTEXT));
    }

    private Optional<TensorOp.Attention.Sharpening> sharpening() {
        return random.nextBoolean() ? Optional.empty() : Optional.of(new TensorOp.Attention.Sharpening(3, 0.5f));
    }

    private Optional<Float> cap() {
        return random.nextBoolean() ? Optional.empty() : Optional.of(pick(0.5f, 50f));
    }

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private float pick(float... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
