package dev.quern.gguf;

import dev.quern.gguf.GgufValue.BooleanValue;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufValue.StringValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a small container into memory: version 3, metadata and tensors in the order in which they were given. Meant
 * for models that fit an array many times over, such as those of tests.
 *
 * {@snippet :
 * byte[] bytes = new GgufWriter()
 *         .string("general.architecture", "llama")
 *         .u32("llama.block_count", 2)
 *         .tensor("output_norm.weight", GgufTensorType.F32, List.of(64L), data)
 *         .toBytes();
 * }
 */
public final class GgufWriter {
    private static final int VERSION = 3;

    private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private int alignment = 32;

    private static final class Tensor {
        private final GgufTensorType type;
        private final List<Long> extents;
        private final byte[] data;

        Tensor(GgufTensorType type, List<Long> extents, byte[] data) {
            this.type = type;
            this.extents = List.copyOf(extents);
            this.data = data;
        }
    }

    /** Sets a value; a key that was set before keeps its place. */
    public GgufWriter put(String key, GgufValue value) {
        metadata.put(key, value);
        return this;
    }

    /** Takes a key out again. */
    public GgufWriter remove(String key) {
        metadata.remove(key);
        return this;
    }

    /** Sets a string. */
    public GgufWriter string(String key, String value) {
        return put(key, new StringValue(GgufString.of(value)));
    }

    /** Sets an unsigned integer of 32 bits. */
    public GgufWriter u32(String key, long value) {
        return put(key, new IntegerValue(ValueType.U32, value));
    }

    /** Sets a float of 32 bits. */
    public GgufWriter f32(String key, float value) {
        return put(key, new FloatValue(ValueType.F32, value));
    }

    /** Sets a truth value. */
    public GgufWriter bool(String key, boolean value) {
        return put(key, new BooleanValue(value));
    }

    /** Sets the alignment of tensor data and the key that tells it. */
    public GgufWriter alignment(int bytes) {
        if (Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("the alignment must be a power of two, but is " + bytes);
        }
        alignment = bytes;
        return u32("general.alignment", bytes);
    }

    /**
     * Adds or replaces a tensor.
     *
     * @param extents the extents, the length of a row first
     * @param data its bytes as the type lays them out; not copied
     */
    public GgufWriter tensor(String name, GgufTensorType type, List<Long> extents, byte[] data) {
        long expected = type.blockBytes();
        long blocks = extents.getFirst() / type.blockElements();
        for (int i = 1; i < extents.size(); i++) {
            blocks = Math.multiplyExact(blocks, extents.get(i));
        }
        expected = Math.multiplyExact(expected, blocks);
        if (extents.getFirst() % type.blockElements() != 0 || data.length != expected) {
            throw new IllegalArgumentException("tensor " + Quote.of(name) + ": " + type + extents + " takes " + expected
                    + " bytes in whole blocks of " + type.blockElements() + ", but there are " + data.length);
        }
        tensors.put(name, new Tensor(type, extents, data));
        return this;
    }

    /** Takes a tensor out again. */
    public GgufWriter removeTensor(String name) {
        tensors.remove(name);
        return this;
    }

    /** The names of the tensors so far. */
    public List<String> tensorNames() {
        return new ArrayList<>(tensors.keySet());
    }

    /** The file. */
    public byte[] toBytes() {
        var out = new LittleEndianWriter();
        out.bytes(new byte[] {'G', 'G', 'U', 'F'});
        out.u32(VERSION);
        out.u64(tensors.size());
        out.u64(metadata.size());
        metadata.forEach((key, value) -> {
            out.string(key);
            out.u32(value.type().id());
            value(out, value);
        });
        long offset = 0;
        for (Map.Entry<String, Tensor> each : tensors.entrySet()) {
            Tensor tensor = each.getValue();
            out.string(each.getKey());
            out.u32(tensor.extents.size());
            tensor.extents.forEach(out::u64);
            out.u32(tensor.type.id());
            out.u64(offset);
            offset += (tensor.data.length + alignment - 1) / alignment * (long) alignment;
        }
        out.align(alignment);
        tensors.values().forEach(tensor -> {
            out.bytes(tensor.data);
            out.align(alignment);
        });
        return out.toBytes();
    }

    private static void value(LittleEndianWriter out, GgufValue value) {
        switch (value) {
            case IntegerValue number ->
                out.integer(number.value(), number.type().bytes());
            case FloatValue number -> {
                if (number.type() == ValueType.F32) {
                    out.u32(Float.floatToRawIntBits((float) number.value()));
                } else {
                    out.u64(Double.doubleToRawLongBits(number.value()));
                }
            }
            case BooleanValue bool -> out.integer(bool.value() ? 1 : 0, 1);
            case StringValue string -> out.string(string.value().bytes());
            case NumberArray numbers -> {
                out.u32(numbers.elementType().id());
                out.u64(numbers.length());
                out.bytes(numbers.data());
            }
            case StringArray strings -> {
                out.u32(ValueType.STRING.id());
                out.u64(strings.length());
                for (int i = 0; i < strings.length(); i++) {
                    out.string(strings.at(i).bytes());
                }
            }
        }
    }
}
