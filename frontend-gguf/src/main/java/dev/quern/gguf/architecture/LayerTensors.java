package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.LayerWeights.Gates;
import dev.quern.gguf.architecture.LayerWeights.Heads;
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
                matrix("attn_output", width, sizes.queryLength()),
                gains(after, "post_attention_norm", width),
                gains(before, "ffn_norm", width),
                gates(),
                matrix("ffn_down", width, sizes.feedForwardLength()),
                gains(after, "post_ffw_norm", width));
    }

    private Heads heads() {
        int width = sizes.embeddingLength();
        boolean apart = table.has(prefix + "attn_q.weight");
        if (!apart && (family.joins() || table.has(prefix + JOINED_HEADS + ".weight"))) {
            return new Heads.Joined(matrix(JOINED_HEADS, sizes.queryLength() + 2L * sizes.keyValueLength(), width));
        }
        return new Heads.Apart(
                matrix("attn_q", sizes.queryLength(), width),
                matrix("attn_k", sizes.keyValueLength(), width),
                matrix("attn_v", sizes.keyValueLength(), width));
    }

    private Gates gates() {
        int width = sizes.embeddingLength();
        int inner = sizes.feedForwardLength();
        return family.joins()
                ? new Gates.Joined(matrix("ffn_up", 2L * inner, width))
                : new Gates.Apart(matrix("ffn_gate", inner, width), matrix("ffn_up", inner, width));
    }

    private Value matrix(String name, long rows, long columns) {
        return table.matrix(prefix + name + ".weight", rows, columns);
    }

    private Optional<Value> gains(boolean present, String name, int length) {
        return present ? Optional.of(table.vector(prefix + name + ".weight", length)) : Optional.empty();
    }

    private Optional<Value> headGains(String name, int all) {
        return switch (family.headNorms()) {
            case NONE -> Optional.empty();
            case WHOLE_ROW -> gains(true, name, all);
        };
    }
}
