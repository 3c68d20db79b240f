package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufValue;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.SmallModels;
import dev.quern.gguf.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What keys give which numbers, up to the last value that is taken and from the first that is not. */
class HyperparametersTest {
    /** What the keys of a file give: the numbers unless it is refused, and all that is said. */
    private record Read(List<Hyperparameters> found, List<Finding> said) {}

    /** The small model with other values of some keys, which stand without their prefix; null takes one out. */
    private static Read read(Object... keysAndValues) {
        GgufWriter writer = SmallModels.llama();
        for (int at = 0; at < keysAndValues.length; at += 2) {
            String name = (String) keysAndValues[at];
            String key = name.startsWith("general.") || name.startsWith("split.") ? name : "llama." + name;
            switch (keysAndValues[at + 1]) {
                case Integer number -> writer.u32(key, number);
                case Long number -> writer.put(key, new IntegerValue(ValueType.I64, number));
                case Float number -> writer.f32(key, number);
                case Double number -> writer.put(key, new FloatValue(ValueType.F64, number));
                case GgufValue value -> writer.put(key, value);
                case String text when text.isEmpty() -> writer.remove(key);
                case Object text -> writer.string(key, text.toString());
            }
        }
        GgufFile file = GgufReader.read(ByteSource.of(writer.toBytes()));
        Findings findings = new Findings();
        List<Hyperparameters> found = new ArrayList<>();
        try {
            found.add(Architectures.of(file).hyperparameters(file, findings));
        } catch (GgufException refused) {
            return new Read(found, refused.findings());
        }
        return new Read(found, findings.list());
    }

    private static void gives(double expected, ToDoubleFunction<Hyperparameters> number, Object... keysAndValues) {
        Read read = read(keysAndValues);
        assertEquals(List.of(), read.said());
        assertEquals(expected, number.applyAsDouble(read.found().getFirst()));
    }

    private static void warns(
            double expected, ToDoubleFunction<Hyperparameters> number, String warning, Object... keysAndValues) {
        Read read = read(keysAndValues);
        assertEquals(expected, number.applyAsDouble(read.found().getFirst()));
        says(read, warning);
    }

    private static void refuses(String error, Object... keysAndValues) {
        Read read = read(keysAndValues);
        assertEquals(List.of(), read.found());
        says(read, error);
    }

    private static void says(Read read, String message) {
        assertEquals(1, read.said().size(), read.said().toString());
        assertTrue(read.said().getFirst().toString().contains(message), read.said()::toString);
    }

    @Test
    void theSmallModelSaysWhatItIs() {
        assertEquals(
                new Hyperparameters(
                        "llama",
                        "small llama",
                        2,
                        128,
                        64,
                        96,
                        4,
                        2,
                        16,
                        new RotaryEmbedding(16, 10_000, 1, Optional.empty(), 1),
                        1e-5f,
                        0.25f,
                        SmallModels.VOCABULARY),
                read().found().getFirst());
        assertEquals("llama", read("general.name", "").found().getFirst().name());
        assertEquals(64, read().found().getFirst().queryLength());
        assertEquals(32, read().found().getFirst().keyValueLength());
    }

    @Test
    void whatIsEqualInAllLayersMayBeSaidOfEach() {
        gives(4, Hyperparameters::keyValueHeads, "attention.head_count_kv", "");
        gives(96, Hyperparameters::feedForwardLength, "feed_forward_length", integers(96, 96));
        gives(4, Hyperparameters::heads, "attention.head_count", integers(4, 4));
        gives(1, Hyperparameters::keyValueHeads, "attention.head_count_kv", integers(1, 1));
        refuses("Layer 0 has 96 and layer 1 has 95", "feed_forward_length", integers(96, 95));
        refuses("must be 1 to 4194304, but is 0", "feed_forward_length", integers(0, 0));
        refuses("but is array of 1 i32", "attention.head_count_kv", integers(2));
        refuses("but is array of 2 f32", "attention.head_count_kv", NumberArray.ofFloats(2, 2));
        gives(1 << 22, Hyperparameters::feedForwardLength, "feed_forward_length", 1 << 22);
        refuses("but is 4194305", "feed_forward_length", (1 << 22) + 1);
        refuses("feed_forward_length': The key is missing", "feed_forward_length", "");
    }

    private static NumberArray integers(long... values) {
        return NumberArray.ofIntegers(ValueType.I32, values);
    }

    @Test
    void contextsAreAsLongAsTheFileSays() {
        gives(1 << 24, Hyperparameters::contextLength, "context_length", 1 << 24);
        warns((1 << 24) + 1, Hyperparameters::contextLength, "is not plausible", "context_length", (1 << 24) + 1);
        refuses("but is 4294967296", "context_length", 1L << 32);
        refuses("context_length': The key is missing", "context_length", "");
        gives(128, Hyperparameters::contextLength, "attention.sliding_window", 1);
        gives(128, Hyperparameters::contextLength, "attention.sliding_window", 128);
        gives(128, Hyperparameters::contextLength, "attention.sliding_window", 0);
        gives(128, Hyperparameters::contextLength, "attention.sliding_window", new IntegerValue(ValueType.U64, 0));
        refuses("which is 2^63 or more", "attention.sliding_window", new IntegerValue(ValueType.U64, -1));
        refuses("must be 0 or a number of positions, but is -1", "attention.sliding_window", -1L);
        refuses("but is string 'all'", "attention.sliding_window", "all");
    }

    @Test
    void headsHaveALengthOfTheirOwnOrAShareOfTheStream() {
        gives(
                6,
                Hyperparameters::headLength,
                "attention.key_length",
                6,
                "attention.value_length",
                6,
                "rope.dimension_count",
                "");
        refuses(
                "Heads of keys have 6 elements and heads of values 16",
                "attention.key_length",
                6,
                "rope.dimension_count",
                "");
        refuses(
                "cannot be divided into 3 heads",
                "attention.head_count",
                3,
                "attention.head_count_kv",
                3,
                "rope.dimension_count",
                "");
        gives(
                4096,
                Hyperparameters::headLength,
                "embedding_length",
                4096,
                "attention.head_count",
                1,
                "attention.head_count_kv",
                1,
                "rope.dimension_count",
                "");
        refuses(
                "Heads have 4098 elements, but at most 4096 are supported",
                "embedding_length",
                4098,
                "attention.head_count",
                1,
                "attention.head_count_kv",
                1,
                "rope.dimension_count",
                "");
        refuses("rotates whole heads of 16 elements, but the value is 8", "rope.dimension_count", 8);
        refuses("must be even and at most the length of a head (16), but is 15", "rope.dimension_count", 15);
        refuses("(16), but is 18", "rope.dimension_count", 18);
    }

    @Test
    void positionsAreDividedByTheFactorOfTheirContext() {
        ToDoubleFunction<Hyperparameters> scale = sizes -> sizes.rotary().scale();
        gives(0.25, scale, "rope.scaling.type", "linear", "rope.scaling.factor", 4f);
        gives(0.25, scale, "rope.scaling.factor", 4f, "rope.scale_linear", 2f);
        gives(0.5, scale, "rope.scale_linear", 2f);
        gives(1, scale, "rope.scaling.factor", 0f);
        gives(1, scale, "rope.scaling.type", "none", "rope.scaling.factor", 4f);
        refuses("must be a positive number, but is -2.0", "rope.scaling.factor", -2f);
        refuses("are no numbers", "rope.scaling.factor", 1e-39);
        refuses("'dynamic' is not supported yet", "rope.scaling.type", "dynamic");
        refuses("'spiral' is not known", "rope.scaling.type", "spiral");
        ToDoubleFunction<Hyperparameters> base = sizes -> sizes.rotary().base();
        gives(500_000, base, "rope.freq_base", 500_000f);
        gives(500_000, base, "rope.freq_base", 500_000);
        for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e39, 1e-46}) {
            refuses("must be a positive number, but is " + wrong, "rope.freq_base", wrong);
        }
    }

    @Test
    void attentionIsScaledByTheRootOfTheHeadOrAsTheFileSays() {
        ToDoubleFunction<Hyperparameters> scale = Hyperparameters::attentionScale;
        gives(0.5, scale, "attention.scale", 0.5f);
        gives(0.25, scale, "attention.scale", 0f);
        gives(2, sizes -> sizes.rotary().magnitude(), "rope.scaling.attn_factor", 2f);
        refuses("Attention would be scaled by 0.25 times the square of", "rope.scaling.attn_factor", 1e30f);
        refuses("which is no number to compute with", "rope.scaling.attn_factor", 1e-30f);
        refuses("must be a positive number, but is -1.0", "attention.scale", -1f);
    }

    @Test
    void anEpsilonIsSmall() {
        String key = "attention.layer_norm_rms_epsilon";
        gives(1e-6f, Hyperparameters::epsilon, key, 1e-6f);
        gives(0, Hyperparameters::epsilon, key, 0f);
        gives(1, Hyperparameters::epsilon, key, 1f);
        warns(1.5, Hyperparameters::epsilon, "but small numbers, 0 to 1, are usual", key, 1.5f);
        refuses("0 to 1, but is -1.0E-5", key, -1e-5);
        refuses("0 to 1, but is 1.0E39", key, 1e39);
    }

    /** The key of one file says that there are others; {@code SplitModelTest} has models of which all are there. */
    @Test
    void aModelIsComplete() {
        int tensors = SmallModels.llama().tensorNames().size();
        gives(2, Hyperparameters::layers, "split.count", 1, "split.no", 0, "split.tensors.count", tensors);
        gives(2, Hyperparameters::layers, "split.count", 0, "split.tensors.count", 5);
        refuses("but there are " + tensors + " tensors", "split.count", 1, "split.tensors.count", 5);
        refuses("file 1 of a model that was split into 2 files", "split.count", 2);
        refuses("file 2 of a model that was split into 1 files", "split.count", 1, "split.no", 1);
        refuses("split into -1 files", "split.count", -1L);
    }
}
