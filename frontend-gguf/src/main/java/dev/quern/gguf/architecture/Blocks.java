package dev.quern.gguf.architecture;

import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Attention;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.TensorOp.Rope;
import dev.quern.ir.TensorOp.StateWrite;
import dev.quern.ir.Value;
import java.util.Optional;

/** The parts of which layers are made, appended to one function. Names of values begin with that of their layer. */
final class Blocks {
    private final FunctionBuilder function;
    private final Hyperparameters sizes;
    private final Value position;
    private final Optional<Value> frequencyFactors;

    /**
     * Parts for one function.
     *
     * @param position {@code u32[1]}, the position of row 0
     * @param frequencyFactors {@code f32[dimensions / 2]}, by which the rotary frequencies are divided
     */
    Blocks(FunctionBuilder function, Hyperparameters sizes, Value position, Optional<Value> frequencyFactors) {
        this.function = function;
        this.sizes = sizes;
        this.position = position;
        this.frequencyFactors = frequencyFactors;
    }

    /** The keys and values that one layer keeps. */
    record Cache(Value keys, Value values) {}

    /** What attention leaves: the stream, and keys and values after the write. */
    record Attended(Value stream, Cache cache) {}

    /** Root mean square normalisation with gains. */
    Value norm(String name, Value x, Value gains) {
        return function.add(name, new RmsNorm(x, gains, sizes.epsilon()));
    }

    /** {@code x + output(attention(norm(x)))}, with keys and values written to the cache on the way. */
    Attended attention(String layer, Value x, Decoder.Attention description, LayerWeights weights, Cache cache) {
        Value normed = norm(layer + ".attention_norm", x, weights.attentionNorm());
        Optional<Rotation> rotation = description.rotation();
        Value query = rotated(
                layer + ".query", function.add(layer + ".query", new MatMul(normed, weights.query())), rotation);
        Value key = rotated(layer + ".key", function.add(layer + ".key", new MatMul(normed, weights.key())), rotation);
        Value value = function.add(layer + ".value", new MatMul(normed, weights.value()));
        Value keys = function.add(layer + ".keys_after", new StateWrite(cache.keys(), key, position));
        Value values = function.add(layer + ".values_after", new StateWrite(cache.values(), value, position));
        Value mixed = function.add(
                layer + ".attention",
                new Attention(
                        query, keys, values, position, sizes.heads(), sizes.keyValueHeads(), description.scale()));
        Value output = function.add(layer + ".attention_output", new MatMul(mixed, weights.output()));
        return new Attended(function.add(layer + ".attended", TensorOp.Map.sum(x, output)), new Cache(keys, values));
    }

    /** {@code x + down(silu(gate(norm(x))) * up(norm(x)))}. */
    Value feedForward(String layer, Value x, LayerWeights weights) {
        Value normed = norm(layer + ".feed_forward_norm", x, weights.feedForwardNorm());
        Value gate = function.add(layer + ".gate", new MatMul(normed, weights.gate()));
        Value up = function.add(layer + ".up", new MatMul(normed, weights.up()));
        Value inner = function.add(layer + ".swiglu", TensorOp.Map.gated(Pointwise.Function.SILU, gate, up));
        Value down = function.add(layer + ".down", new MatMul(inner, weights.down()));
        return function.add(layer + ".output", TensorOp.Map.sum(x, down));
    }

    private Value rotated(String name, Value heads, Optional<Rotation> rotation) {
        return rotation.map(
                        turned -> function.add(name + "_rotated", new Rope(heads, position, frequencyFactors, turned)))
                .orElse(heads);
    }
}
