package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.SmallModels;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors that other readers compute with: a file that has one is refused, for without it the results are others. */
class RefusedTensorsTest {
    private static Stream<String> tensors() {
        Stream<String> ofTheModel = Stream.of(
                "output.bias",
                "output_norm.bias",
                "output.scale",
                "token_embd_norm.weight",
                "position_embd.weight",
                "rope_factors_long.weight",
                "rope_factors_short.weight");
        Stream<String> ofProducts = Stream.of(
                        "attn_q", "attn_k", "attn_v", "attn_qkv", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
                .flatMap(name -> Stream.of(name + ".scale", name + ".input_scale"));
        Stream<String> ofLayers = Stream.of(
                "attn_qkv.bias",
                "attn_norm.bias",
                "ffn_norm.bias",
                "attn_qkv.weight",
                "attn_sinks.weight",
                "ffn_gate_inp.weight",
                "ffn_gate_exps.weight",
                "ffn_up_exps.weight",
                "ffn_down_exps.weight",
                "ffn_gate_shexp.weight",
                "ffn_up_shexp.weight",
                "ffn_down_shexp.weight",
                "attn_q_norm.weight",
                "attn_k_norm.weight",
                "attn_sub_norm.weight",
                "attn_norm_2.weight",
                "attn_output_norm.weight",
                "ffn_sub_norm.weight",
                "post_attention_norm.weight",
                "post_ffw_norm.weight",
                "layer_output_norm.weight");
        return Stream.concat(ofTheModel, Stream.concat(ofProducts, ofLayers).map(name -> "blk.1." + name));
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void aTensorThatTakesPartElsewhereIsRefused(String name) {
        GgufWriter writer = SmallModels.llama().tensor(name, GgufTensorType.F32, List.of(4L), new byte[16]);
        List<Finding> said = Checks.findings(ByteSource.of(writer.toBytes()), false);
        assertEquals(1, said.size(), said.toString());
        assertEquals(Finding.Severity.ERROR, said.getFirst().severity());
        assertTrue(said.getFirst().where().endsWith("tensor '" + name + "'"), said.toString());
        assertTrue(said.getFirst().message().endsWith(" are not supported yet by this architecture."), said.toString());
    }
}
