package dev.quern.endtoend;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufValue;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.architecture.KnownKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A small model with a few things changed at random: values of keys, keys there or not, tensors' names, shapes and
 * types, and bytes of the header. The same seed gives the same file.
 */
final class MutatedModel {
    private static final List<GgufTensorType> TYPES = List.of(
            GgufTensorType.F32,
            GgufTensorType.F16,
            GgufTensorType.BF16,
            GgufTensorType.Q8_0,
            GgufTensorType.Q4_0,
            GgufTensorType.Q4_K,
            GgufTensorType.I32,
            GgufTensorType.F64,
            GgufTensorType.NVFP4);

    private final SplittableRandom random;
    private final MutatedValues values;

    /** The keys that the model's architecture knows. */
    private final List<String> known;

    /** How many bytes lie before the tensors' data, when nothing is changed yet. */
    private final int header;

    private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
    private final Map<String, Data> tensors = new LinkedHashMap<>();
    private final List<String> changes = new ArrayList<>();

    /** A tensor as it will be written. */
    private record Data(GgufTensorType type, List<Long> extents, ByteBuffer bytes) {
        static Data zeros(GgufTensorType wanted, List<Long> extents) {
            GgufTensorType type = extents.getFirst() % wanted.blockElements() == 0 ? wanted : GgufTensorType.F32;
            long elements = extents.stream().reduce(1L, (left, right) -> left * right);
            int bytes = (int) (elements / type.blockElements() * type.blockBytes());
            return new Data(type, extents, ByteBuffer.allocate(bytes));
        }
    }

    /** @param base a model that is sound */
    MutatedModel(byte[] base, long seed) {
        random = new SplittableRandom(seed);
        values = new MutatedValues(random);
        GgufFile file = GgufReader.read(ByteSource.of(base));
        header = (int) file.dataStart();
        file.metadata().entries().forEach(entry -> metadata.put(entry.key(), entry.value()));
        String architecture = file.metadata().requireString("general.architecture");
        known = KnownKeys.of(architecture).stream()
                .map(each -> each.key(architecture))
                .toList();
        var bytes = new ModelBytes(file);
        for (GgufTensor tensor : file.tensors()) {
            tensors.put(tensor.name(), new Data(tensor.type(), tensor.extents(), bytes.bytes(tensor.name())));
        }
    }

    /** A file to be changed. */
    static GgufWriter copy(byte[] model) {
        GgufFile file = GgufReader.read(ByteSource.of(model));
        var writer = new GgufWriter();
        file.metadata().entries().forEach(entry -> writer.put(entry.key(), entry.value()));
        var bytes = new ModelBytes(file);
        file.tensors()
                .forEach(tensor -> writer.tensor(
                        tensor.name(),
                        tensor.type(),
                        tensor.extents(),
                        bytes.bytes(tensor.name()).array()));
        return writer;
    }

    /** A byte pair model in place of a SentencePiece one. */
    static byte[] withBytePairs(byte[] model) {
        return copy(model)
                .string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "llama-bpe")
                .put("tokenizer.ggml.merges", StringArray.of("a b", "ab c", "c d"))
                .toBytes();
    }

    /** The file. */
    byte[] write() {
        int structural = 1 + random.nextInt(2);
        for (int change = 0; change < structural; change++) {
            if (random.nextInt(5) > 0) {
                changeKey();
            } else {
                changeTensor();
            }
        }
        var writer = new GgufWriter();
        metadata.forEach(writer::put);
        tensors.forEach((name, data) ->
                writer.tensor(name, data.type(), data.extents(), data.bytes().array()));
        byte[] bytes = writer.toBytes();
        if (random.nextInt(8) == 0) {
            bytes = damaged(bytes);
        }
        return bytes;
    }

    /** What was changed, for messages. */
    String changes() {
        return String.join("; ", changes);
    }

    private void changeKey() {
        List<String> present = List.copyOf(metadata.keySet());
        String key =
                present.isEmpty() || random.nextInt(2) == 0 ? pick(known) : present.get(random.nextInt(present.size()));
        GgufValue old = metadata.get(key);
        if (old != null && random.nextInt(6) == 0) {
            metadata.remove(key);
            changes.add("without " + key);
            return;
        }
        GgufValue value = value(old);
        metadata.put(key, value);
        changes.add(key + " = " + value.describe());
    }

    private GgufValue value(@Nullable GgufValue old) {
        if (old == null) {
            return random.nextBoolean() ? values.nothing() : values.any();
        }
        return random.nextInt(5) == 0 ? values.any() : values.like(old);
    }

    private void changeTensor() {
        String name = pick(List.copyOf(tensors.keySet()));
        Data old = tensors.getOrDefault(name, Data.zeros(GgufTensorType.F32, List.of(32L)));
        List<Long> extents = new ArrayList<>(old.extents());
        switch (random.nextInt(6)) {
            case 0 -> {
                tensors.remove(name);
                changes.add("without " + name);
                return;
            }
            case 1 -> {
                while (extents.size() < 4) {
                    extents.add(1L);
                }
                tensors.put(name, new Data(old.type(), extents, old.bytes()));
            }
            case 2 -> {
                int at = random.nextInt(extents.size());
                extents.set(at, Math.max(1, extents.get(at) + random.nextInt(-2, 9)));
                tensors.put(name, Data.zeros(old.type(), extents));
            }
            case 3 -> tensors.put(name, Data.zeros(old.type(), extents.reversed()));
            case 4 -> tensors.put(name, Data.zeros(TYPES.get(random.nextInt(TYPES.size())), extents));
            default -> {
                name = pick(List.of("blk.0.attn_q.bias", "extra.weight", "rope_freqs.weight", "output.weight"));
                tensors.put(name, old);
            }
        }
        changes.add(name + " is " + tensors.get(name).type() + tensors.get(name).extents());
    }

    /** Bytes of the header, keys and table changed; or the file cut. */
    private byte[] damaged(byte[] sound) {
        if (random.nextInt(40) == 0) {
            int length = random.nextInt(sound.length);
            changes.add("cut after " + length);
            return Arrays.copyOf(sound, length);
        }
        byte[] bytes = sound.clone();
        int count = 1 + random.nextInt(3);
        for (int each = 0; each < count; each++) {
            int at = random.nextInt(Math.min(header, sound.length));
            bytes[at] = switch (random.nextInt(4)) {
                case 0 -> (byte) random.nextInt();
                case 1 -> (byte) 0xFF;
                case 2 -> 0;
                default -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
            };
            changes.add("byte " + at + " is " + (bytes[at] & 0xFF));
        }
        return bytes;
    }

    private String pick(List<String> names) {
        return names.isEmpty() ? "none" : names.get(random.nextInt(names.size()));
    }
}
