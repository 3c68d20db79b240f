package dev.quern.endtoend;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Random models in F32 whose numbers grow beyond what some place holds. */
final class SpoiltModels {
    /** The token whose key leaves the range of halves: one of the two that a self-test reads. */
    static final int TOKEN = 100;

    private static final float FAR = 1e6f;

    private SpoiltModels() {}

    /**
     * One column is zero in the rows of all tokens but one, and heavy where keys are made of it: that token's key is
     * large.
     */
    static byte[] oneLargeKey() {
        byte[] model = RandomModels.write(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.F32));
        GgufFile file = GgufReader.read(ByteSource.of(model));
        GgufTensor table = file.requireTensor("token_embd.weight");
        for (int token = 0; token < RandomModels.VOCABULARY; token++) {
            put(model, table, token, 0, token == TOKEN ? 3 : 0);
        }
        GgufTensor keys = file.requireTensor("blk.0.attn_k.weight");
        for (int row = 0; row < keys.elements() / keys.rowElements(); row++) {
            put(model, keys, row, 0, row % 2 == 0 ? FAR : -FAR);
        }
        return model;
    }

    /** The first layer's feed-forward part leaves the range of floats, whatever the token is. */
    static byte[] beyondFloats() {
        byte[] model = RandomModels.write(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.F32));
        GgufTensor down = GgufReader.read(ByteSource.of(model)).requireTensor("blk.0.ffn_down.weight");
        for (int row = 0; row < down.elements() / down.rowElements(); row++) {
            for (int column = 0; column < down.rowElements(); column++) {
                put(model, down, row, column, Float.MAX_VALUE);
            }
        }
        return model;
    }

    private static void put(byte[] model, GgufTensor tensor, long row, long column, float value) {
        long index = tensor.offset() + Float.BYTES * (row * tensor.rowElements() + column);
        ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN).putFloat(Math.toIntExact(index), value);
    }
}
