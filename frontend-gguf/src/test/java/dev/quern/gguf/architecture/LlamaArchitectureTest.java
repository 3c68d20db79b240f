package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.RandomAccessSource;
import dev.quern.gguf.SharedFiles;
import dev.quern.gguf.SmallModels;
import dev.quern.ir.Encoding;
import dev.quern.ir.Module;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.verify.Verifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LlamaArchitectureTest {
    private static final GraphOptions OPTIONS = new GraphOptions(32, 8, Encoding.Scalar.F32);

    private static GgufFile read(GgufWriter writer) {
        return GgufReader.read(ByteSource.of(writer.toBytes()));
    }

    private static Module build(GgufWriter writer) {
        GgufFile file = read(writer);
        Module module = Architectures.of(file).build(file, OPTIONS);
        Verifier.verify(module);
        return module;
    }

    @Test
    void continuesAsTrained() throws IOException {
        List<Path> models = SharedFiles.in("models", "-f32.gguf");
        assumeFalse(models.isEmpty(), "stories260K-f32.gguf does not lie in ../shared/models");
        try (var source = new RandomAccessSource(models.getFirst())) {
            var greedy = new Greedy(GgufReader.read(source), new GraphOptions(64, 16, Encoding.Scalar.F32));
            assertEquals(
                    List.of(432, 383, 286, 261, 376, 298, 315, 421, 395, 317, 426, 338, 401, 396, 267, 337),
                    greedy.continueWith(16, 1, 403, 407, 261, 378));
        }
    }

    @Test
    void prefillLeavesWhatStepsLeave() {
        GgufFile file = read(SmallModels.llama());
        var byChunk = new Greedy(file, OPTIONS);
        byChunk.prefill(1, 40, 50);
        byChunk.prefill(60, 70);
        var byStep = new Greedy(file, OPTIONS);
        for (int token : new int[] {1, 40, 50, 60, 70}) {
            byStep.step(token);
        }
        assertArrayEquals(byStep.step(80), byChunk.step(80));
    }

    @Test
    void buildsThreeFunctionsOverOneSetOfWeights() {
        Module module = build(SmallModels.llama());
        assertEquals(
                List.of("prefill", "step", "pick"),
                module.functions().stream().map(function -> function.name()).toList());
        var step = module.function("step").orElseThrow();
        assertEquals(2 + 2 * 2, step.parameters().size(), "tokens, position, keys and values of two layers");
        assertEquals(
                "f32[1, " + SmallModels.VOCABULARY + "]",
                step.results().getFirst().type().toString());
        assertEquals("state<f32[32, 32]>", step.results().get(1).type().toString());
        // A layer: norm, three products, two rotations, two writes, attention, product, addition;
        // norm, two products, swiglu, product, addition. Around them: embed, norm, product.
        assertEquals(2 * 17 + 3, step.body().size());
        assertEquals(2 + 2 * 9, module.weights().size());
    }

    @Test
    void aStepIsWhatTheModelComputes() {
        var oneLayer = SmallModels.llama().u32("llama.block_count", 1);
        var lines = build(oneLayer).function("step").orElseThrow().body().stream()
                .map(statement -> statement.result()
                        + " = "
                        + statement.op().getClass().getSimpleName()
                        + statement.op().operands().stream()
                                .map(operand -> " " + operand)
                                .collect(Collectors.joining())
                        + "\n")
                .collect(Collectors.joining());
        assertEquals("""
            %embedding = Embed %tokens @token_embd
            %layer0.attention_norm = RmsNorm %embedding @blk.0.attn_norm
            %layer0.query = MatMul %layer0.attention_norm @blk.0.attn_q
            %layer0.query_rotated = Rope %layer0.query %position
            %layer0.key = MatMul %layer0.attention_norm @blk.0.attn_k
            %layer0.key_rotated = Rope %layer0.key %position
            %layer0.value = MatMul %layer0.attention_norm @blk.0.attn_v
            %layer0.keys_after = StateWrite %layer0.keys %layer0.key_rotated %position
            %layer0.values_after = StateWrite %layer0.values %layer0.value %position
            %layer0.attention = Attention %layer0.query_rotated %layer0.keys_after %layer0.values_after %position
            %layer0.attention_output = MatMul %layer0.attention @blk.0.attn_output
            %layer0.attended = Map %embedding %layer0.attention_output
            %layer0.feed_forward_norm = RmsNorm %layer0.attended @blk.0.ffn_norm
            %layer0.gate = MatMul %layer0.feed_forward_norm @blk.0.ffn_gate
            %layer0.up = MatMul %layer0.feed_forward_norm @blk.0.ffn_up
            %layer0.swiglu = Map %layer0.gate %layer0.up
            %layer0.down = MatMul %layer0.swiglu @blk.0.ffn_down
            %layer0.output = Map %layer0.attended %layer0.down
            %output_norm = RmsNorm %layer0.output @output_norm
            %logits = MatMul %output_norm @token_embd
            """, lines);
    }

    @Test
    void usesTheEmbeddingAsOutputUnlessThereIsOne() {
        assertEquals("token_embd", outputWeight(build(SmallModels.llama())));
        var untied = SmallModels.llama()
                .tensor(
                        "output.weight",
                        GgufTensorType.F32,
                        List.of(64L, (long) SmallModels.VOCABULARY),
                        new byte[64 * SmallModels.VOCABULARY * 4]);
        assertEquals("output", outputWeight(build(untied)));
    }

    private static String outputWeight(Module module) {
        var last = module.function("step").orElseThrow().body().getLast().op();
        assertTrue(last instanceof TensorOp.MatMul, last.toString());
        return last.operands().getLast().name();
    }

    @Test
    void keepsEncodingAndShapeOfTheFile() {
        var writer = SmallModels.llama()
                .tensor("blk.0.ffn_gate.weight", GgufTensorType.Q4_0, List.of(64L, 96L), new byte[96 * 2 * 18]);
        var weight = build(writer).weight("blk.0.ffn_gate").orElseThrow();
        assertEquals(TensorType.of(Encoding.Block.Q4_0, 96, 64), weight.type());
        assertEquals(List.of("blk.0.ffn_gate.weight"), weight.sources());
    }

    /** A vector may be written as a matrix of one row, and a matrix as one of several such. */
    @Test
    void extentsOfOneAtTheEndSayNothing() {
        GgufWriter writer = SmallModels.llama()
                .tensor("output_norm.weight", GgufTensorType.F32, List.of(64L, 1L, 1L), new byte[256]);
        assertEquals(build(SmallModels.llama()).weights(), build(writer).weights());
        assertTrue(
                said(writer)
                        .endsWith("tensor 'output_norm.weight': The tensor is F32[64, 1, 1]; extents of 1 at the end"
                                + " say nothing and are passed over.]"),
                said(writer));
        writer.tensor("blk.0.ffn_gate.weight", GgufTensorType.Q4_0, List.of(64L, 96L, 1L), new byte[96 * 2 * 18]);
        assertTrue(said(writer).contains(" (and 1 more are such); "), said(writer));
    }

    private static String said(GgufWriter writer) {
        return Checks.findings(ByteSource.of(writer.toBytes()), false).toString();
    }

    @Test
    void dividesFrequenciesByFactors() {
        var writer = SmallModels.llama().tensor("rope_freqs.weight", GgufTensorType.F32, List.of(8L), new byte[8 * 4]);
        for (var function : build(writer).functions()) {
            for (var statement : function.body()) {
                if (statement.op() instanceof TensorOp.Rope rope) {
                    assertEquals("rope_freqs", rope.factors().orElseThrow().name());
                }
            }
        }
        assertFalse(build(SmallModels.llama()).weight("rope_freqs").isPresent());
    }

    @Test
    void scalesPositionsForLinearlyExtendedContext() {
        var writer = SmallModels.llama()
                .string("llama.rope.scaling.type", "linear")
                .f32("llama.rope.scaling.factor", 4)
                .f32("llama.rope.freq_base", 500_000);
        var rope = build(writer).function("step").orElseThrow().body().stream()
                .map(statement -> statement.op())
                .filter(TensorOp.Rope.class::isInstance)
                .map(TensorOp.Rope.class::cast)
                .findFirst()
                .orElseThrow();
        assertEquals(0.25f, rope.rotation().scale());
        assertEquals(500_000f, rope.rotation().base());
    }

    /** Dividing every frequency by two is halving every position. */
    @Test
    void factorsDivideAndScalesMultiply() {
        var factors = ByteBuffer.allocate(8 * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int pair = 0; pair < 8; pair++) {
            factors.putFloat(2);
        }
        float[] divided = logitsAfterSomeTokens(
                SmallModels.llama().tensor("rope_freqs.weight", GgufTensorType.F32, List.of(8L), factors.array()));
        float[] halved = logitsAfterSomeTokens(SmallModels.llama().f32("llama.rope.scaling.factor", 2));
        float[] plain = logitsAfterSomeTokens(SmallModels.llama());
        assertArrayEquals(halved, divided, 1e-5f);
        assertFalse(Arrays.equals(plain, halved));
    }

    private static float[] logitsAfterSomeTokens(GgufWriter writer) {
        var greedy = new Greedy(read(writer), OPTIONS);
        greedy.prefill(1, 40, 50, 60);
        return greedy.step(70);
    }

    @Test
    void headsMayBeShorterThanTheirShareOfTheStream() {
        var writer = SmallModels.llama()
                .u32("llama.attention.key_length", 8)
                .u32("llama.attention.value_length", 8)
                .u32("llama.rope.dimension_count", 8);
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "blk." + layer + ".";
            writer.tensor(prefix + "attn_q.weight", GgufTensorType.F32, List.of(64L, 32L), new byte[64 * 32 * 4])
                    .tensor(prefix + "attn_k.weight", GgufTensorType.F32, List.of(64L, 16L), new byte[64 * 16 * 4])
                    .tensor(prefix + "attn_v.weight", GgufTensorType.F32, List.of(64L, 16L), new byte[64 * 16 * 4])
                    .tensor(
                            prefix + "attn_output.weight",
                            GgufTensorType.F32,
                            List.of(32L, 64L),
                            new byte[32 * 64 * 4]);
        }
        var attention = build(writer).function("step").orElseThrow().body().stream()
                .map(statement -> statement.op())
                .filter(TensorOp.Attention.class::isInstance)
                .map(TensorOp.Attention.class::cast)
                .findFirst()
                .orElseThrow();
        assertEquals(8, attention.headSize());
        assertEquals((float) (1 / Math.sqrt(8)), attention.scale());
        assertEquals(16, attention.keys().state().columns());
    }

    @Test
    void everyEncodingHasTheBlocksOfItsType() {
        for (GgufTensorType type : GgufTensorType.values()) {
            WeightTable.encoding(type).ifPresent(encoding -> {
                assertEquals(type.blockElements(), encoding.elements(), type.name());
                assertEquals(type.blockBytes(), encoding.bytes(), type.name());
            });
        }
        for (Encoding.Block block : Encoding.Block.values()) {
            assertEquals(
                    block,
                    WeightTable.encoding(GgufTensorType.valueOf(block.name())).orElseThrow());
        }
    }
}
