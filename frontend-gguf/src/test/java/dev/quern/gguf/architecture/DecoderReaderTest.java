package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.SmallModels;
import dev.quern.gguf.ValueType;
import dev.quern.gguf.architecture.Decoder.Layer;
import dev.quern.ir.Rotation;
import dev.quern.ir.Rotation.Yarn;
import dev.quern.ir.TensorOp.Attention.Sharpening;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the keys of each family say of a model, layer by layer. */
class DecoderReaderTest {
    /** A small model of a family, in which keys stand without the family's name. */
    private static final class Keys {
        private final String architecture;
        private final GgufWriter writer;
        private Findings findings = new Findings();

        Keys(String architecture) {
            this.architecture = architecture;
            this.writer = SmallModels.withTensorsOfLlama(architecture);
        }

        Keys count(String ending, int value) {
            writer.u32(architecture + "." + ending, value);
            return this;
        }

        Keys number(String ending, double value) {
            writer.f32(architecture + "." + ending, (float) value);
            return this;
        }

        Keys text(String ending, String value) {
            writer.string(architecture + "." + ending, value);
            return this;
        }

        Keys flags(String ending, long... values) {
            writer.put(architecture + "." + ending, NumberArray.ofIntegers(ValueType.BOOL, values));
            return this;
        }

        Keys truth(String ending, boolean value) {
            writer.bool(architecture + "." + ending, value);
            return this;
        }

        Decoder read() {
            GgufFile file = GgufReader.read(ByteSource.of(writer.toBytes()));
            findings = new Findings();
            return new DecoderReader(file, Families.named(architecture).orElseThrow(), findings).read();
        }

        /** The one thing that is said. */
        String said() {
            try {
                read();
            } catch (GgufException refused) {
                assertEquals(1, refused.findings().size(), refused.findings().toString());
                return refused.findings().getFirst().toString();
            }
            assertEquals(1, findings.list().size(), findings.list().toString());
            assertEquals(Finding.Severity.WARNING, findings.list().getFirst().severity());
            return findings.list().getFirst().toString();
        }
    }

    private static List<Optional<Integer>> windows(Decoder decoder) {
        return decoder.layers().stream().map(Layer::window).toList();
    }

    private static List<Float> bases(Decoder decoder) {
        return decoder.layers().stream()
                .map(layer -> layer.rotation().orElseThrow().base())
                .toList();
    }

    private static List<Optional<Integer>> windows(int... positions) {
        var windows = new ArrayList<Optional<Integer>>();
        for (int each : positions) {
            windows.add(each == 0 ? Optional.empty() : Optional.of(each));
        }
        return windows;
    }

    @Test
    void theLastOfSomeLayersSeesAllPositions() {
        assertEquals(
                windows(9, 9, 9, 9, 9, 0, 9),
                windows(new Keys("gemma3")
                        .count("block_count", 7)
                        .count("attention.sliding_window", 9)
                        .read()));
        assertEquals(windows(4096, 0), windows(new Keys("gemma2").read()));
        assertEquals(windows(0, 0), windows(new Keys("gemma3").read()));
        assertEquals(windows(0, 0), windows(new Keys("olmo2").read()));
        assertEquals(
                windows(5, 5, 5, 0),
                windows(new Keys("olmo2")
                        .count("block_count", 4)
                        .count("attention.sliding_window", 5)
                        .read()));
    }

    @Test
    void elsewhereAWindowIsThatOfAllLayersButPhiHasNone() {
        assertEquals(
                windows(9, 9),
                windows(new Keys("llama").count("attention.sliding_window", 9).read()));
        Keys phi = new Keys("phi3").count("attention.sliding_window", 9);
        assertEquals(windows(0, 0), windows(phi.read()));
        assertTrue(phi.said().contains("tokens see all positions, as in llama.cpp"));
    }

    @Test
    void aPatternMayBeAPeriodOrSayItOfEachLayer() {
        Keys keys = new Keys("gemma3").count("attention.sliding_window", 9);
        assertEquals(
                windows(9, 0),
                windows(keys.count("attention.sliding_window_pattern", 2).read()));
        assertEquals(
                windows(0, 0),
                windows(keys.count("attention.sliding_window_pattern", 1).read()));
        assertEquals(
                windows(9, 9),
                windows(keys.count("attention.sliding_window_pattern", 0).read()));
        assertEquals(
                windows(0, 9),
                windows(keys.flags("attention.sliding_window_pattern", 0, 1).read()));
        String said = keys.flags("attention.sliding_window_pattern", 1).said();
        assertTrue(said.contains("an array that says of each of 2 layers whether it has a window"), said);
    }

    @Test
    void layersWithAWindowTurnInTheirOwnWay() {
        Keys gemma3 = new Keys("gemma3")
                .count("attention.sliding_window", 9)
                .count("attention.sliding_window_pattern", 2)
                .number("rope.freq_base", 1_000_000)
                .number("rope.scaling.factor", 8);
        Decoder decoder = gemma3.read();
        assertEquals(List.of(10_000f, 1_000_000f), bases(decoder));
        assertEquals(
                List.of(1f, 0.125f),
                decoder.layers().stream()
                        .map(layer -> layer.rotation().orElseThrow().scale())
                        .toList());
        assertEquals(
                List.of(5f, 1_000_000f),
                bases(gemma3.number("rope.freq_base_swa", 5).read()));
        assertEquals(
                List.of(7f, 7f),
                bases(new Keys("gemma2").number("rope.freq_base", 7).read()));
    }

    @Test
    void someLayersTurnNothing() {
        assertEquals(
                List.of(true, true, true, false, true),
                new Keys("smollm3")
                        .count("block_count", 5).read().layers().stream()
                                .map(layer -> layer.rotation().isPresent())
                                .toList());
        Keys granite = new Keys("granite").number("logit_scale", 8);
        assertTrue(granite.read().layers().stream()
                .allMatch(layer -> layer.rotation().isPresent()));
        assertTrue(granite.truth("rope.scaling.finetuned", false).read().layers().stream()
                .allMatch(layer -> layer.rotation().isEmpty()));
    }

    @Test
    void scalesComeFromKeysOrFromTheWidth() {
        Keys granite = new Keys("granite").number("logit_scale", 8).number("embedding_scale", 12);
        assertEquals(new Decoder.Scales(12, 1, 0.125f), granite.read().scales());
        granite.number("residual_scale", 0.22);
        assertEquals(new Decoder.Scales(12, 0.22f, 0.125f), granite.read().scales());
        assertTrue(new Keys("granite").said().contains("granite.logit_scale': The key is missing"));
        assertEquals(new Decoder.Scales(8, 1, 1), new Keys("gemma").read().scales());
        assertTrue(new Keys("qwen2").number("logit_scale", 8).said().contains("logits are scaled"));
    }

    @Test
    void capsHaveTheValueOfTheirFamilyUnlessAKeyGivesAnother() {
        assertEquals(Optional.of(50f), new Keys("gemma2").read().attentionCap());
        assertEquals(Optional.of(30f), new Keys("gemma2").read().logitCap());
        Keys other = new Keys("gemma2").number("attn_logit_softcapping", 2).number("final_logit_softcapping", 0);
        assertEquals(Optional.of(2f), other.read().attentionCap());
        assertEquals(Optional.empty(), other.read().logitCap());
        assertEquals(Optional.empty(), new Keys("gemma3").read().logitCap());
        assertEquals(
                Optional.of(4f),
                new Keys("gemma3").number("final_logit_softcapping", 4).read().logitCap());
        String said = new Keys("gemma3").number("attn_logit_softcapping", 4).said();
        assertTrue(said.contains("products of queries and keys are capped"), said);
        assertTrue(
                new Keys("gemma2").number("attn_logit_softcapping", -1).said().contains("positive number"));
    }

    @Test
    void yarnScalesSomeFrequenciesAndMakesElementsLarger() {
        Keys keys = new Keys("qwen2").text("rope.scaling.type", "yarn").number("rope.scaling.factor", 4);
        Rotation rotation = keys.read().layers().getFirst().rotation().orElseThrow();
        assertEquals(Optional.of(new Yarn(128, 32, 1)), rotation.yarn());
        assertEquals(0.25f, rotation.scale());
        assertEquals((float) (1 + 0.1 * Math.log(4)), rotation.magnitude());
        keys.count("rope.scaling.original_context_length", 32)
                .number("rope.scaling.yarn_beta_fast", 16)
                .number("rope.scaling.yarn_beta_slow", 2)
                .number("rope.scaling.yarn_log_multiplier", 1)
                .number("rope.scaling.attn_factor", 3);
        rotation = keys.read().layers().getFirst().rotation().orElseThrow();
        assertEquals(Optional.of(new Yarn(32, 16, 2)), rotation.yarn());
        assertEquals(3, rotation.magnitude());
        assertTrue(keys.number("rope.scaling.yarn_log_multiplier", -100).said().contains("would be multiplied by -"));
        keys.number("rope.scaling.yarn_log_multiplier", 0).number("rope.freq_base", 0.5);
        assertTrue(keys.said().contains("must be more than 1, so that yarn"));
        String said = new Keys("qwen2").text("rope.scaling.type", "longrope").said();
        assertTrue(said.contains("not supported by this architecture. Supported: none, linear, yarn."), said);
    }

    @Test
    void attentionSharpensBeyondTheOriginalContext() {
        Keys keys = new Keys("mistral3").count("rope.scaling.original_context_length", 32);
        assertEquals(Optional.empty(), keys.read().sharpening());
        keys.number("attention.temperature_scale", 0);
        assertEquals(Optional.empty(), keys.read().sharpening());
        keys.number("attention.temperature_scale", 0.1);
        assertEquals(Optional.of(new Sharpening(32, 0.1f)), keys.read().sharpening());
        assertEquals(128, keys.read().sizes().contextLength());
    }

    @Test
    void onlyPhiTurnsPartsOfHeads() {
        Decoder phi = new Keys("phi3").count("rope.dimension_count", 8).read();
        assertEquals(8, phi.layers().getFirst().rotation().orElseThrow().rotary());
        assertTrue(new Keys("qwen3").count("rope.dimension_count", 8).said().contains("rotates whole heads"));
    }

    @Test
    void theLargestGemmasScaleAttentionByAShareOfTheStream() {
        assertEquals(0.25f, new Keys("gemma3").read().sizes().attentionScale());
        Keys gemma3 = new Keys("gemma3").count("attention.key_length", 64).count("attention.value_length", 64);
        gemma3.count("rope.dimension_count", 64);
        assertEquals(0.125f, gemma3.read().sizes().attentionScale());
        assertEquals(0.25f, gemma3.count("block_count", 62).read().sizes().attentionScale());
    }

    @Test
    void everyFamilyReadsAPlainModel() {
        for (Family family : Families.ALL) {
            Keys keys = new Keys(family.name()).number("logit_scale", 1);
            Decoder decoder = keys.read();
            assertEquals(2, decoder.layers().size(), family.name());
            assertEquals(List.of(), keys.findings.list(), family.name());
        }
    }

    @Test
    void anUnknownArchitectureIsToldWhichAreKnown() {
        GgufFile file = GgufReader.read(
                ByteSource.of(SmallModels.withTensorsOfLlama("mamba").toBytes()));
        Findings findings = new Findings();
        findings.attempt(() -> Architectures.of(file));
        assertTrue(
                findings.list()
                        .toString()
                        .contains("'mamba' is not supported. Supported: " + String.join(", ", Architectures.names())
                                + "."),
                findings.list().toString());
    }
}
