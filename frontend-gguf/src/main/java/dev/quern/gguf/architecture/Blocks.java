package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Decoder.Layer;
import dev.quern.gguf.architecture.LayerWeights.Gates;
import dev.quern.gguf.architecture.LayerWeights.Heads;
import dev.quern.gguf.architecture.LayerWeights.Product;
import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Op;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Pointwise.Binary;
import dev.quern.ir.Pointwise.Constant;
import dev.quern.ir.Pointwise.Operator;
import dev.quern.ir.Pointwise.Unary;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Attention;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.Embed;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.TensorOp.Rope;
import dev.quern.ir.TensorOp.StateWrite;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The parts of which a model is made, appended to one function. Names of values begin with that of their layer. */
final class Blocks {
    private final FunctionBuilder function;
    private final Decoder decoder;
    private final Hyperparameters sizes;
    private final Decoder.Scales scales;
    private final Value position;
    private final Optional<Value> frequencyFactors;

    /**
     * Parts for one function.
     *
     * @param position {@code u32[1]}, the position of row 0
     * @param frequencyFactors {@code f32[dimensions / 2]}, by which the rotary frequencies are divided
     */
    Blocks(FunctionBuilder function, Decoder decoder, Value position, Optional<Value> frequencyFactors) {
        this.function = function;
        this.decoder = decoder;
        this.sizes = decoder.sizes();
        this.scales = decoder.scales();
        this.position = position;
        this.frequencyFactors = frequencyFactors;
    }

    /** The keys and values that one layer keeps. */
    record Cache(Value keys, Value values) {}

    /** What attention leaves: the stream, and keys and values after the write. */
    record Attended(Value stream, Cache cache) {}

    /** Where queries, keys or values come from: a product with some value, or columns of it. */
    private sealed interface Origin {
        record OfProduct(Value x, Product product) implements Origin {}

        record OfColumns(Value x, int start, int extent) implements Origin {}
    }

    /** The rows of the table that the tokens name, scaled. */
    Value embedding(Value tokens, Value table) {
        return scaled("embedding", add("embedding", new Embed(tokens, table)), scales.embedding());
    }

    /** The logits of a stream. */
    Value logits(Value stream, Value gains, Product output) {
        Value normed = norm("output_norm", stream, gains);
        var part = new ArrayList<UnaryOperator<Pointwise>>();
        output.bias().ifPresent(bias -> part.add(x -> Pointwise.add(x, Pointwise.of(bias))));
        if (scales.logits() != 1) {
            part.add(x -> Pointwise.multiply(new Constant(scales.logits()), x));
        }
        decoder.logitCap().ifPresent(cap -> part.add(x -> capped(x, cap)));
        var product = new MatMul(normed, output.weight());
        if (part.isEmpty()) {
            return add("logits", product);
        }
        Pointwise expression = Pointwise.of(add("output", product));
        for (UnaryOperator<Pointwise> each : part) {
            expression = each.apply(expression);
        }
        // The name by which runtimes know them.
        return add("logits", new TensorOp.Map(expression));
    }

    private static Pointwise capped(Pointwise x, float cap) {
        Pointwise share = new Unary(Pointwise.Function.TANH, new Binary(Operator.DIVIDE, x, new Constant(cap)));
        return Pointwise.multiply(new Constant(cap), share);
    }

    /** {@code x + output(attention(norm(x)))}, with keys and values written to the cache on the way. */
    Attended attention(String layer, Value x, Layer description, LayerWeights weights, Cache cache) {
        Value normed = normed(layer + ".attention_norm", x, weights.attentionNorm());
        List<Origin> origins = origins(layer, normed, weights.heads());
        Value query = normed(layer + ".query_norm", take(layer + ".query", origins.get(0)), weights.queryNorm());
        query = rotated(layer + ".query", query, description.rotation());
        Value key = normed(layer + ".key_norm", take(layer + ".key", origins.get(1)), weights.keyNorm());
        key = rotated(layer + ".key", key, description.rotation());
        Value value = take(layer + ".value", origins.get(2));
        Value keys = add(layer + ".keys_after", new StateWrite(cache.keys(), key, position));
        Value values = add(layer + ".values_after", new StateWrite(cache.values(), value, position));
        Value mixed = add(
                layer + ".attention",
                new Attention(
                        query,
                        keys,
                        values,
                        position,
                        sizes.heads(),
                        sizes.keyValueHeads(),
                        sizes.attentionScale(),
                        description.window(),
                        decoder.attentionCap(),
                        decoder.sharpening()));
        Value output = product(layer + ".attention_output", mixed, weights.output());
        output = normed(layer + ".attention_post_norm", output, weights.attentionPostNorm());
        return new Attended(added(layer + ".attended", x, output), new Cache(keys, values));
    }

    /** {@code x + down(silu(gate(norm(x))) * up(norm(x)))}. */
    Value feedForward(String layer, Value x, LayerWeights weights) {
        Value normed = normed(layer + ".feed_forward_norm", x, weights.feedForwardNorm());
        Value inner = gated(layer, normed, weights.gates());
        Value down = product(layer + ".down", inner, weights.down());
        down = normed(layer + ".feed_forward_post_norm", down, weights.feedForwardPostNorm());
        return added(layer + ".output", x, down);
    }

    /** Root mean square normalisation with gains. */
    private Value norm(String name, Value x, Value gains) {
        return add(name, new RmsNorm(x, gains, sizes.epsilon()));
    }

    /** The same where there are gains; the value as it is where there are none. */
    private Value normed(String name, Value x, Optional<Value> gains) {
        return gains.map(given -> norm(name, x, given)).orElse(x);
    }

    /** Of queries, keys and values. */
    private List<Origin> origins(String layer, Value x, Heads heads) {
        return switch (heads) {
            case Heads.Apart apart ->
                List.of(
                        new Origin.OfProduct(x, apart.query()),
                        new Origin.OfProduct(x, apart.key()),
                        new Origin.OfProduct(x, apart.value()));
            case Heads.Joined joined -> {
                Value all = product(layer + ".heads", x, joined.all());
                int queries = sizes.queryLength();
                int keys = sizes.keyValueLength();
                yield List.of(
                        new Origin.OfColumns(all, 0, queries),
                        new Origin.OfColumns(all, queries, keys),
                        new Origin.OfColumns(all, queries + keys, keys));
            }
        };
    }

    private Value take(String name, Origin origin) {
        return switch (origin) {
            case Origin.OfProduct of -> product(name, of.x(), of.product());
            case Origin.OfColumns of -> add(name, new Columns(of.x(), of.start(), of.extent()));
        };
    }

    private Value rotated(String name, Value heads, Optional<Rotation> rotation) {
        return rotation.map(turned -> add(name + "_rotated", new Rope(heads, position, frequencyFactors, turned)))
                .orElse(heads);
    }

    private Value gated(String layer, Value x, Gates gates) {
        Pointwise.Function activation = decoder.family().activation();
        return switch (gates) {
            case Gates.Apart apart -> {
                Value gate = product(layer + ".gate", x, apart.gate());
                yield gated(layer, activation, gate, product(layer + ".up", x, apart.up()));
            }
            case Gates.Joined joined -> {
                Value both = product(layer + ".gate_and_up", x, joined.both());
                int inner = sizes.feedForwardLength();
                Value gate = add(layer + ".gate", new Columns(both, 0, inner));
                yield gated(layer, activation, gate, add(layer + ".up", new Columns(both, inner, inner)));
            }
        };
    }

    private Value gated(String layer, Pointwise.Function activation, Value gate, Value up) {
        // Two have names of their own among people.
        String name = activation == Pointwise.Function.SILU
                ? ".swiglu"
                : activation == Pointwise.Function.GELU ? ".geglu" : ".gated";
        return add(layer + name, TensorOp.Map.gated(activation, gate, up));
    }

    /** A product and its bias. */
    private Value product(String name, Value x, Product product) {
        Value sums = add(name, new MatMul(x, product.weight()));
        return product.bias()
                .map(bias -> add(name + "_biased", TensorOp.Map.sum(sums, bias)))
                .orElse(sums);
    }

    /** The stream and what a block adds to it, scaled. */
    private Value added(String name, Value stream, Value block) {
        return add(name, TensorOp.Map.sum(stream, scaled(block.name(), block, scales.residual())));
    }

    private Value scaled(String name, Value x, float factor) {
        return factor == 1 ? x : add(name + "_scaled", TensorOp.Map.scaled(factor, x));
    }

    private Value add(String name, Op op) {
        return function.add(name, op);
    }
}
