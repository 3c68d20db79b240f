package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.text.SpecialRole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TokenizerTest {
    private static GgufTokenizer read(GgufWriter writer) {
        var findings = new Findings();
        GgufTokenizer tokenizer = GgufTokenizer.read(GgufReader.read(ByteSource.of(writer.toBytes())), findings);
        assertEquals(List.of(), findings.list());
        return tokenizer;
    }

    @Test
    void readsWhatTheFileSaysAndLeavesOpenWhatItDoesNot() {
        GgufTokenizer tokenizer = read(SmallModels.llama()
                .bool("tokenizer.ggml.add_bos_token", true)
                .string("tokenizer.chat_template", "{{ messages }}")
                .string("tokenizer.chat_template.tool_use", "{{ tools }}"));
        assertEquals("llama", tokenizer.model());
        assertEquals(Optional.empty(), tokenizer.pre());
        assertEquals(SmallModels.VOCABULARY, tokenizer.size());
        assertEquals("<s>", tokenizer.tokens().textAt(1));
        assertEquals(-299, tokenizer.scores().orElseThrow().floatAt(299));
        assertEquals(6, tokenizer.types().orElseThrow().integerAt(3));
        assertEquals(OptionalInt.of(1), tokenizer.special(SpecialRole.BEGIN_OF_SEQUENCE));
        assertEquals(OptionalInt.of(2), tokenizer.special(SpecialRole.END_OF_SEQUENCE));
        assertEquals(OptionalInt.empty(), tokenizer.special(SpecialRole.UNKNOWN));
        assertEquals(Optional.of(true), tokenizer.addBegin());
        assertEquals(Optional.empty(), tokenizer.addEnd());
        assertEquals(Optional.of("{{ messages }}"), tokenizer.chatTemplate());
        assertEquals(Map.of("tool_use", "{{ tools }}"), tokenizer.namedTemplates());
    }

    @Test
    void keepsTokensThatAreNoUtf8() {
        byte[] raw = {(byte) 0xe2, (byte) 0x96};
        var strings = new GgufString[SmallModels.VOCABULARY];
        for (int id = 0; id < strings.length; id++) {
            strings[id] = GgufString.of("token " + id);
        }
        strings[7] = GgufString.of(raw);
        GgufTokenizer tokenizer = read(SmallModels.llama().put("tokenizer.ggml.tokens", StringArray.of(strings)));
        assertArrayEquals(raw, tokenizer.tokens().at(7).bytes());
    }

    @Test
    void aMergeMayBeginWithASpace() {
        GgufTokenizer tokenizer = read(SmallModels.llama()
                .string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "gpt-2")
                .put("tokenizer.ggml.merges", StringArray.of("  a", "a b c")));
        assertEquals(2, tokenizer.merges().orElseThrow().length());
    }

    @Test
    void whatIsSaidOfTheTokenizerIsRead() {
        GgufTokenizer tokenizer = read(SmallModels.llama()
                .string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "qwen2")
                .put("tokenizer.ggml.merges", StringArray.of("a b", "a  b"))
                .u32("tokenizer.ggml.bos_token_id", 0)
                .u32("tokenizer.ggml.eos_token_id", SmallModels.VOCABULARY - 1)
                .bool("tokenizer.ggml.add_eos_token", true)
                .bool("tokenizer.ggml.add_space_prefix", false));
        assertEquals("gpt2", tokenizer.model());
        assertEquals(Optional.of("qwen2"), tokenizer.pre());
        assertEquals(OptionalInt.of(0), tokenizer.special(SpecialRole.BEGIN_OF_SEQUENCE));
        assertEquals(OptionalInt.of(SmallModels.VOCABULARY - 1), tokenizer.special(SpecialRole.END_OF_SEQUENCE));
        assertEquals(Optional.of(true), tokenizer.addEnd());
        assertEquals(Optional.of(false), tokenizer.addSpacePrefix());
        assertEquals(Optional.empty(), tokenizer.scores(), "byte pairs merge by rank");
    }

    /** The longest token and template that are taken, and one byte more. */
    @Test
    void lengthsAreTakenUpToTheirLimits() {
        String template = "t".repeat(1 << 20);
        assertEquals(
                Optional.of(template),
                read(SmallModels.llama().string("tokenizer.chat_template", template))
                        .chatTemplate());
        refused(
                "The chat template has 1048577 bytes",
                SmallModels.llama().string("tokenizer.chat_template", template + "t"));
        var tokens = new String[SmallModels.VOCABULARY];
        for (int id = 0; id < tokens.length; id++) {
            tokens[id] = "token " + id;
        }
        tokens[299] = "t".repeat(1 << 16);
        GgufTokenizer longest = read(SmallModels.llama().put("tokenizer.ggml.tokens", StringArray.of(tokens)));
        assertEquals(1 << 16, longest.tokens().bytesAt(299));
        tokens[299] += "t";
        refused("Token 299 has 65537 bytes", SmallModels.llama().put("tokenizer.ggml.tokens", StringArray.of(tokens)));
    }

    private static void refused(String message, GgufWriter writer) {
        GgufFile file = GgufReader.read(ByteSource.of(writer.toBytes()));
        GgufException refusal = assertThrows(GgufException.class, () -> GgufTokenizer.read(file, new Findings()));
        assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
    }

    @Test
    void aMergeIsTwoPartsWithASpaceBetween() {
        for (String merge : List.of("", " ", "ab", "ab ", " ab", "a", "  ")) {
            refused(
                    "Merge 1 is '" + merge + "', but must be two parts",
                    SmallModels.llama()
                            .string("tokenizer.ggml.model", "gpt2")
                            .string("tokenizer.ggml.pre", "gpt-2")
                            .put("tokenizer.ggml.merges", StringArray.of("a b", merge, "nonsense")));
        }
    }

    @Test
    void readsVocabulariesFromElsewhere() throws IOException {
        List<Path> vocabularies = SharedFiles.in("tokenizers", ".gguf");
        assumeFalse(vocabularies.isEmpty(), "no vocabularies lie in ../shared/tokenizers");
        for (Path path : vocabularies) {
            try (var source = new RandomAccessSource(path)) {
                var findings = new Findings();
                GgufTokenizer tokenizer = GgufTokenizer.read(GgufReader.read(source), findings);
                assertEquals(List.of(), findings.list(), path.toString());
                assertTrue(tokenizer.size() > 30_000, path.toString());
            }
        }
    }
}
