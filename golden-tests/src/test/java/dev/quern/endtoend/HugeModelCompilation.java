package dev.quern.endtoend;

import dev.quern.bundle.files.Sha256;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.BundleSink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A program that compiles a model of half a gigabyte which lies nowhere: its tensors hold one byte over and over, and
 * what is written is counted and thrown away. Run with little heap, it proves that weights are streamed.
 */
final class HugeModelCompilation {
    private static final int WIDTH = 4096;
    private static final int KEYS = 1024;
    private static final int INNER = 14336;
    private static final int LAYERS = 2;

    /** The last metadata, after which the table of tensors begins. */
    private static final String LAST_VALUE = "the last value of the metadata";

    private HugeModelCompilation() {}

    /**
     * What was seen on the way.
     *
     * @param modelBytes size of the model
     * @param weightBytes what the plan says of its weights
     * @param writtenBytes what came out as weights
     * @param largestRead bytes read at once
     * @param largestPiece bytes of weights written at once
     */
    record Outcome(long modelBytes, long weightBytes, long writtenBytes, long largestRead, long largestPiece) {
        /** The outcome that {@link #main} printed. */
        static Outcome parse(String line) {
            long[] numbers = Arrays.stream(line.strip().split(" ", -1))
                    .mapToLong(Long::parseLong)
                    .toArray();
            return new Outcome(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        }

        String print() {
            return modelBytes + " " + weightBytes + " " + writtenBytes + " " + largestRead + " " + largestPiece;
        }
    }

    /** Compiles for the profile named by the argument and prints the outcome. */
    public static void main(String[] arguments) {
        DeviceProfile profile = DeviceProfile.ALL.stream()
                .filter(each -> each.name().equals(arguments[0]))
                .findFirst()
                .orElseThrow();
        System.out.println(compile(profile).print());
    }

    /** The bytes of the longest row of any tensor; a vector is one row. */
    static long longestRow() {
        return tensors().values().stream()
                .mapToLong(extents -> bytes(extents) / (extents.length == 1 ? 1 : extents[1]))
                .max()
                .orElseThrow();
    }

    private static Outcome compile(DeviceProfile profile) {
        Map<String, long[]> tensors = tensors();
        byte[] header = header(tensors);
        long size = header.length;
        for (long[] extents : tensors.values()) {
            size += bytes(extents);
        }
        var source = new SplattedSource(header, size);
        var sink = new CountingSink();
        CompiledModel compiled =
                ModelCompiler.compile(source, CompileOptions.of(profile).withContext(64));
        ModelCompiler.write(compiled, sink, Sha256::new, (done, total) -> {});
        long weights =
                compiled.plan().weights().stream().mapToLong(WeightSpec::bytes).sum();
        return new Outcome(size, weights, sink.written, source.largestRead, sink.largestPiece);
    }

    private static Map<String, long[]> tensors() {
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put("token_embd.weight", new long[] {WIDTH, RandomModels.VOCABULARY});
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "blk." + layer + ".";
            tensors.put(prefix + "attn_norm.weight", new long[] {WIDTH});
            tensors.put(prefix + "attn_q.weight", new long[] {WIDTH, WIDTH});
            tensors.put(prefix + "attn_k.weight", new long[] {WIDTH, KEYS});
            tensors.put(prefix + "attn_v.weight", new long[] {WIDTH, KEYS});
            tensors.put(prefix + "attn_output.weight", new long[] {WIDTH, WIDTH});
            tensors.put(prefix + "ffn_norm.weight", new long[] {WIDTH});
            tensors.put(prefix + "ffn_gate.weight", new long[] {WIDTH, INNER});
            tensors.put(prefix + "ffn_up.weight", new long[] {WIDTH, INNER});
            tensors.put(prefix + "ffn_down.weight", new long[] {INNER, WIDTH});
        }
        tensors.put("output_norm.weight", new long[] {WIDTH});
        return tensors;
    }

    /** Vectors are stored as F32, matrices as Q8_0. */
    private static GgufTensorType type(long[] extents) {
        return extents.length == 1 ? GgufTensorType.F32 : GgufTensorType.Q8_0;
    }

    private static long bytes(long[] extents) {
        long elements = Arrays.stream(extents).reduce(1, Math::multiplyExact);
        return elements / type(extents).blockElements() * type(extents).blockBytes();
    }

    /**
     * Everything before the data: metadata, written by the writer of small models, and the table of tensors behind it.
     */
    private static byte[] header(Map<String, long[]> tensors) {
        var shape = new RandomModels.Shape("huge", WIDTH, LAYERS, 32, 8, 128, INNER, true, RandomModels.Rope.PLAIN);
        GgufWriter metadata = RandomModels.metadata(shape, "huge").string("general.description", LAST_VALUE);
        byte[] without = metadata.toBytes();
        int end = indexOf(without, LAST_VALUE) + LAST_VALUE.length();
        ByteBuffer table = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        long offset = 0;
        for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
            byte[] name = tensor.getKey().getBytes(StandardCharsets.UTF_8);
            table.putLong(name.length).put(name).putInt(tensor.getValue().length);
            Arrays.stream(tensor.getValue()).forEach(table::putLong);
            table.putInt(type(tensor.getValue()).id()).putLong(offset);
            offset += bytes(tensor.getValue());
        }
        ByteBuffer header =
                ByteBuffer.allocate((end + table.position() + 31) / 32 * 32).order(ByteOrder.LITTLE_ENDIAN);
        header.put(without, 0, end).put(table.flip());
        header.putLong(8, tensors.size());
        return header.array();
    }

    private static int indexOf(byte[] bytes, String ascii) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(ascii);
    }

    /** A header, and one byte over and over behind it. */
    private static final class SplattedSource implements ByteSource {
        /** Makes halves of about 0.0007, so that scales are ordinary numbers. */
        private static final byte SPLAT = 0x11;

        private final byte[] header;
        private final long size;
        private long largestRead;

        SplattedSource(byte[] header, long size) {
            this.header = header;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void read(long offset, byte[] target, int start, int length) {
            int known = Math.clamp(header.length - offset, 0, length);
            if (known > 0) {
                System.arraycopy(header, (int) offset, target, start, known);
            }
            Arrays.fill(target, start + known, start + length, SPLAT);
            if (offset >= header.length) {
                largestRead = Math.max(largestRead, length);
            }
        }
    }

    /** Counts the bytes of weights. */
    private static final class CountingSink implements BundleSink {
        private boolean weights;
        private long written;
        private long largestPiece;

        @Override
        public void begin(String file) {
            weights = file.startsWith("weights/");
        }

        @Override
        public void write(ByteBuffer piece) {
            if (weights) {
                written += piece.remaining();
                largestPiece = Math.max(largestPiece, piece.remaining());
            }
            piece.position(piece.limit());
        }

        @Override
        public void end() {}

        @Override
        public void finish() {}

        @Override
        public void abandon() {}
    }
}
