package dev.quern.endtoend;

import dev.quern.bundle.files.Sha256;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.gguf.GgufTensorType;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.BundleSink;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A program that compiles a model of half a gigabyte which lies nowhere: its tensors hold one byte over and over, and
 * what is written is counted and thrown away. Run with little heap, it proves that weights are streamed.
 */
final class HugeModelCompilation {
    private static final int WIDTH = 4096;
    private static final int INNER = 14336;
    private static final int LAYERS = 2;

    private static final RandomModels.Shape SHAPE =
            new RandomModels.Shape("huge", WIDTH, LAYERS, 32, 8, 128, INNER, true, RandomModels.Rope.PLAIN);

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

    /** The bytes of the longest row of any tensor. */
    static long longestRow() {
        return model().longestRow();
    }

    private static SplattedModel model() {
        Recipe recipe = Recipe.uniform(GgufTensorType.Q8_0);
        return SplattedModel.of(Kind.LLAMA, SHAPE, RandomModels.VOCABULARY, recipe);
    }

    private static Outcome compile(DeviceProfile profile) {
        SplattedModel source = model();
        var sink = new CountingSink();
        CompiledModel compiled =
                ModelCompiler.compile(source, CompileOptions.of(profile).withContext(64));
        ModelCompiler.write(compiled, sink, Sha256::new, (done, total) -> {});
        long weights =
                compiled.plan().weights().stream().mapToLong(WeightSpec::bytes).sum();
        return new Outcome(source.size(), weights, sink.written, source.largestRead(), sink.largestPiece);
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
