package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTitleTest {
    @ParameterizedTest
    @CsvSource({
        "Llama-3.2, 1B, Instruct, Llama 3.2 1B, Llama 3.2 1B Instruct",
        "TinyLlama, 1.1B, Chat-v1.0, whatever, TinyLlama 1.1B Chat-v1.0",
        "Phi-3-mini, '', '', whatever, Phi 3 mini",
        "Qwen2.5-0.5B, 0.5B, Instruct, whatever, Qwen2.5 0.5B Instruct",
        "Mistral-Instruct, 7B, instruct, whatever, Mistral Instruct 7B",
        "'', 7B, Instruct, Mistral, Mistral",
        "' ', 7B, Instruct, Mistral, Mistral"
    })
    void theBaseNameGoesFirst(String base, String size, String finetune, String name, String expected) {
        GgufWriter writer = new GgufWriter()
                .string("general.name", name)
                .string("general.basename", base)
                .string("general.size_label", size)
                .string("general.finetune", finetune);
        assertEquals(Optional.of(expected), title(writer));
    }

    @Test
    void whatIsNoTextIsNoName() {
        assertEquals(Optional.empty(), title(new GgufWriter().u32("general.name", 7)));
        assertEquals(
                Optional.of("Beads"),
                title(new GgufWriter().u32("general.basename", 7).string("general.name", "Beads")));
        assertEquals(Optional.empty(), title(new GgufWriter().string("general.architecture", "llama")));
    }

    private static Optional<String> title(GgufWriter writer) {
        return ModelTitle.of(GgufReader.read(ByteSource.of(writer.toBytes())).metadata());
    }
}
