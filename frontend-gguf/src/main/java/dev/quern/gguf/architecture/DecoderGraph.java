package dev.quern.gguf.architecture;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorOp.ArgMax;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import java.util.ArrayList;
import java.util.List;

/** Builds the functions of a module from the description of a model and its weights; see the package for them. */
final class DecoderGraph {
    private final Decoder decoder;
    private final Hyperparameters sizes;
    private final DecoderWeights weights;
    private final GraphOptions options;

    DecoderGraph(Decoder decoder, DecoderWeights weights, GraphOptions options) {
        this.decoder = decoder;
        this.sizes = decoder.sizes();
        this.weights = weights;
        this.options = options;
        options.require(sizes);
    }

    /**
     * The module.
     *
     * @param all the weights that it lists
     */
    Module module(List<Weight> all) {
        var tokens = new Dim.Symbol("tokens", options.chunk());
        return new Module(
                sizes.name(),
                Stage.TENSOR,
                List.of(tokens),
                all,
                List.of(forward("prefill", tokens, false), forward("step", new Dim.Fixed(1), true), pick()));
    }

    private Function forward(String name, Dim rows, boolean withLogits) {
        var function = new FunctionBuilder(name);
        Value tokens = function.parameter("tokens", new TensorType(Encoding.Scalar.U32, List.of(rows)));
        Value position = function.parameter("position", TensorType.of(Encoding.Scalar.U32, 1));
        var caches = new ArrayList<Blocks.Cache>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            var state = new StateType(TensorType.of(options.cache(), rowsOf(layer), sizes.keyValueLength()));
            caches.add(new Blocks.Cache(
                    function.parameter(layerName(layer) + ".keys", state),
                    function.parameter(layerName(layer) + ".values", state)));
        }
        var blocks = new Blocks(function, decoder, position, weights.frequencyFactors());
        Value stream = blocks.embedding(tokens, weights.embedding());
        var states = new ArrayList<Value>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            LayerWeights layerWeights = weights.layers().get(layer);
            Blocks.Attended attended = blocks.attention(
                    layerName(layer), stream, decoder.layers().get(layer), layerWeights, caches.get(layer));
            states.add(attended.cache().keys());
            states.add(attended.cache().values());
            stream = blocks.feedForward(layerName(layer), attended.stream(), layerWeights);
        }
        var results = new ArrayList<Value>();
        if (withLogits) {
            results.add(blocks.logits(stream, weights.outputNorm(), weights.output()));
        }
        results.addAll(states);
        return function.build(results);
    }

    /**
     * Positions that a layer's state holds. Behind a window none is seen again, and a chunk is written before its first
     * row is computed. One state holds all positions, whatever its layer sees: it says how many there are.
     */
    private long rowsOf(int layer) {
        boolean someSeeAll =
                decoder.layers().stream().anyMatch(each -> each.window().isEmpty());
        return decoder.layers()
                .get(layer)
                .window()
                .filter(window -> someSeeAll || layer > 0)
                .map(window -> Math.min(options.context(), window + options.chunk()))
                .orElse(options.context());
    }

    /** The token with the largest logit. */
    private Function pick() {
        var function = new FunctionBuilder("pick");
        Value logits = function.parameter("logits", TensorType.f32(new Dim.Fixed(1), sizes.vocabulary()));
        return function.build(List.of(function.add("token", new ArgMax(logits))));
    }

    private static String layerName(int layer) {
        return "layer" + layer;
    }
}
