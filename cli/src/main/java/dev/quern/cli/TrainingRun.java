package dev.quern.cli;

import dev.quern.cli.terminal.Terminal;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.ValueType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a tiny model twice, so that the virtual machine can record what a start of {@code quern run} needs: one that
 * compiles the model, and one that finds its bundle. Only the build calls this.
 *
 * <p>The model is a llama of one layer whose weights are all alike and whose tokens are single bytes: it says nothing,
 * by the same path as a model that does.
 */
final class TrainingRun {
    private static final int WIDTH = 32;
    private static final int TOKENS = 257;

    private TrainingRun() {}

    /** Writes the model into the folder that is the only argument, and runs it. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]).resolve("training.gguf");
        Files.write(file, model());
        String[] run = {"run", file.toString(), "--prompt", "training", "--tokens", "4"};
        Quern.execute(
                Terminal.ofProcess(System.out, System.err, System.getProperties(), System.getenv()),
                System.getenv(),
                List.of(run));
        Quern.main(run);
    }

    /** The model's file. */
    static byte[] model() {
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", "llama")
                .string("general.name", "training")
                .u32("llama.block_count", 1)
                .u32("llama.context_length", 64)
                .u32("llama.embedding_length", WIDTH)
                .u32("llama.feed_forward_length", WIDTH)
                .u32("llama.attention.head_count", 2)
                .u32("llama.attention.head_count_kv", 1)
                .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
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
        return writer.toBytes();
    }

    /** One token a byte, in the spelling of byte pair vocabularies, and one merge, since there must be one. */
    private static void tokenizer(GgufWriter writer) {
        String[] tokens = new String[TOKENS];
        int spelled = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
            tokens[value] = String.valueOf((char) (printable ? value : spelled++));
        }
        tokens[256] = "in";
        long[] types = new long[TOKENS];
        Arrays.fill(types, 1);
        writer.string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "smollm")
                .put("tokenizer.ggml.tokens", StringArray.of(tokens))
                .put("tokenizer.ggml.token_type", NumberArray.ofIntegers(ValueType.I32, types))
                .put("tokenizer.ggml.merges", StringArray.of("i n"))
                .u32("tokenizer.ggml.eos_token_id", 0);
    }

    private static void tensor(GgufWriter writer, String name, long... extents) {
        int count = (int) Arrays.stream(extents).reduce(1, Math::multiplyExact);
        ByteBuffer data = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            data.putFloat(1f / WIDTH);
        }
        writer.tensor(name, GgufTensorType.F32, Arrays.stream(extents).boxed().toList(), data.array());
    }
}
