package dev.quern.cli;

import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.ValueType;
import java.util.Arrays;
import java.util.List;

/** Model files that hold, in one place, a text which would do things to a terminal that shows it as it is. */
enum HostileModel {
    NAME,
    KEY,
    STRING_VALUE,
    STRING_ARRAY,
    ARCHITECTURE,
    TOKENIZER_MODEL,
    PRE_TOKENIZER,
    ORDINARY_TOKENS,
    CONTROL_TOKENS,
    BYTES_THAT_ARE_NO_UTF8,
    MERGES,
    TEMPLATE,
    TENSOR,
    ROPE_SCALING;

    /**
     * Writes the clipboard, begins a line that lies, goes back over it, turns the order of characters around, and more.
     */
    static final String TEXT = "\u001b]52;c;aGk=\u0007\nFORGED\r\u009b2J\u202e\u2028\u200f\u007f\u0085";

    private static final int WIDTH = 32;

    /** Room for the tokens below and the ones that are hostile. */
    private static final int TOKENS = 264;

    /** A sound llama of one layer but for that text. */
    byte[] bytes() {
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", this == ARCHITECTURE ? TEXT : "llama")
                .string("general.name", this == NAME ? TEXT : "meek")
                .u32("llama.block_count", 1)
                .u32("llama.context_length", 64)
                .u32("llama.embedding_length", WIDTH)
                .u32("llama.feed_forward_length", WIDTH)
                .u32("llama.attention.head_count", 2)
                .u32("llama.attention.head_count_kv", 1)
                .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        switch (this) {
            case KEY -> writer.string("a." + TEXT, "value");
            case STRING_VALUE -> writer.string("general.description", TEXT);
            case STRING_ARRAY -> writer.put("general.tags", StringArray.of(TEXT, TEXT));
            case TEMPLATE -> writer.string("tokenizer.chat_template", "{{ raise_exception('" + TEXT + "') }}" + TEXT);
            case ROPE_SCALING -> writer.string("llama.rope.scaling.type", TEXT);
            case NAME,
                    ARCHITECTURE,
                    TOKENIZER_MODEL,
                    PRE_TOKENIZER,
                    ORDINARY_TOKENS,
                    CONTROL_TOKENS,
                    BYTES_THAT_ARE_NO_UTF8,
                    MERGES,
                    TENSOR -> {}
        }
        tokenizer(writer);
        tensor(writer, "token_embd.weight", WIDTH, TOKENS);
        tensor(writer, "output_norm.weight", WIDTH);
        tensor(writer, "blk.0.attn_norm.weight", WIDTH);
        tensor(writer, "blk.0.ffn_norm.weight", WIDTH);
        for (String square : List.of("attn_q", "attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
            tensor(writer, "blk.0." + square + ".weight", WIDTH, WIDTH);
        }
        tensor(writer, "blk.0.attn_k.weight", WIDTH, WIDTH / 2);
        tensor(writer, "blk.0.attn_v.weight", WIDTH, WIDTH / 2);
        if (this == TENSOR) {
            tensor(writer, TEXT, WIDTH);
        }
        return writer.toBytes();
    }

    private void tokenizer(GgufWriter writer) {
        String[] tokens = new String[TOKENS];
        int spelled = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
            tokens[value] = String.valueOf((char) (printable ? value : spelled++));
        }
        tokens[256] = "in";
        long[] types = new long[TOKENS];
        Arrays.fill(types, 1);
        for (int id = 257; id < TOKENS; id++) {
            tokens[id] = (this == ORDINARY_TOKENS || this == CONTROL_TOKENS ? TEXT : "<extra>") + id;
            types[id] = this == ORDINARY_TOKENS ? 1 : this == CONTROL_TOKENS ? 3 : 4;
        }
        writer.string("tokenizer.ggml.model", this == TOKENIZER_MODEL ? TEXT : "gpt2")
                .string("tokenizer.ggml.pre", this == PRE_TOKENIZER ? TEXT : "smollm")
                .put("tokenizer.ggml.tokens", StringArray.of(tokens))
                .put("tokenizer.ggml.token_type", NumberArray.ofIntegers(ValueType.I32, types))
                .put("tokenizer.ggml.merges", StringArray.of(this == MERGES ? TEXT + "i n" + TEXT : "i n"))
                .u32("tokenizer.ggml.eos_token_id", this == BYTES_THAT_ARE_NO_UTF8 ? 255 : 0);
    }

    private static void tensor(GgufWriter writer, String name, long... extents) {
        int count = (int) Arrays.stream(extents).reduce(1, Math::multiplyExact);
        byte[] data = new byte[count * Float.BYTES];
        for (int at = 2; at < data.length; at += Float.BYTES) {
            // 2^-5, little-endian.
            data[at + 1] = 0x3D;
        }
        writer.tensor(name, GgufTensorType.F32, Arrays.stream(extents).boxed().toList(), data);
    }
}
