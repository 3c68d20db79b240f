package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.LayerWeights.Gates;
import dev.quern.gguf.architecture.LayerWeights.Heads;
import dev.quern.gguf.architecture.LayerWeights.Product;
import dev.quern.ir.Value;
import java.util.Optional;

/** The names of a layer's tensors, and which of them a family has. */
final class LayerTensors {
    private static final String JOINED_HEADS = "attn_qkv";

    private final WeightTable table;
    private final Family family;
    private final Hyperparameters sizes;
    private final String prefix;

    /** @param prefix what the names of the layer's tensors begin with */
    LayerTensors(WeightTable table, Decoder decoder, String prefix) {
        this.table = table;
        this.family = decoder.family();
        this.sizes = decoder.sizes();
        this.prefix = prefix;
    }

    /** Asks for all of them, in the order in which a layer uses them. */
    LayerWeights read() {
        int width = sizes.embeddingLength();
        boolean before = family.norms().before();
        boolean after = family.norms().after();
        return new LayerWeights(
                gains(before, "attn_norm", width),
                heads(),
                headGains("attn_q_norm", sizes.queryLength()),
                headGains("attn_k_norm", sizes.keyValueLength()),
                product("attn_output", width, sizes.queryLength(), Bias.ATTENTION_OUTPUT),
                gains(after, "post_attention_norm", width),
                gains(before, "ffn_norm", width),
                gates(),
                product("ffn_down", width, sizes.feedForwardLength(), Bias.FEED_FORWARD),
                gains(after, "post_ffw_norm", width));
    }

    private Heads heads() {
        int queries = sizes.queryLength();
        int keys = sizes.keyValueLength();
        boolean apart = table.has(prefix + "attn_q.weight");
        if (!apart && (family.joins() || table.has(prefix + JOINED_HEADS + ".weight"))) {
            return new Heads.Joined(headProduct(JOINED_HEADS, queries + 2L * keys));
        }
        return new Heads.Apart(
                headProduct("attn_q", queries), headProduct("attn_k", keys), headProduct("attn_v", keys));
    }

    private Product headProduct(String name, long rows) {
        return product(name, rows, sizes.embeddingLength(), Bias.HEADS);
    }

    private Gates gates() {
        int inner = sizes.feedForwardLength();
        return family.joins()
                ? new Gates.Joined(gateProduct("ffn_up", 2L * inner))
                : new Gates.Apart(gateProduct("ffn_gate", inner), gateProduct("ffn_up", inner));
    }

    private Product gateProduct(String name, long rows) {
        return product(name, rows, sizes.embeddingLength(), Bias.FEED_FORWARD);
    }

    private Product product(String name, long rows, long columns, Bias bias) {
        Value weight = table.matrix(prefix + name + ".weight", rows, columns);
        boolean biased = family.biases().contains(bias) && table.has(prefix + name + ".bias");
        return new Product(
                weight, biased ? Optional.of(table.vector(prefix + name + ".bias", rows)) : Optional.empty());
    }

    private Optional<Value> gains(boolean present, String name, int length) {
        return present ? Optional.of(table.vector(prefix + name + ".weight", length)) : Optional.empty();
    }

    private Optional<Value> headGains(String name, int all) {
        return switch (family.headNorms()) {
            case NONE -> Optional.empty();
            case EACH_HEAD -> gains(true, name, sizes.headLength());
            case WHOLE_ROW -> gains(true, name, all);
        };
    }
}
