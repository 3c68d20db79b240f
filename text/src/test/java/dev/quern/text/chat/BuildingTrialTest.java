package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.text.SpecialTokens;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerJson;
import dev.quern.text.TokenizerModel;
import dev.quern.text.TokenizerTrial;
import dev.quern.text.Tokenizers;
import dev.quern.text.Vocabulary;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BuildingTrialTest {
    private static TokenizerData data(String pre, @Nullable String template) {
        return new TokenizerData(
                TokenizerModel.BYTE_PAIR,
                pre,
                Vocabulary.of(List.of("a", "b", "ab"), new float[3], new int[] {1, 1, 1}),
                List.of("a b"),
                SpecialTokens.NONE,
                true,
                null,
                null,
                template,
                null);
    }

    /** In a page the data comes as a bundle carries it; that must not change what is said. */
    private static TokenizerTrial.Outcome tried(TokenizerData data) {
        var outcome = new BuildingTrial().of(data);
        assertEquals(outcome, new BuildingTrial().of(TokenizerJson.read(TokenizerJson.write(data))));
        return outcome;
    }

    @Test
    void whatTheTokenizerWarnsOfIsTold() {
        var data = data("smollm", "{{ messages[0].content }}");
        var warnings = Tokenizers.of(data).warnings();
        assertTrue(!warnings.isEmpty(), "no token begins a prompt");
        assertEquals(new TokenizerTrial.Outcome(Optional.empty(), warnings, Optional.empty()), tried(data));
        assertEquals(tried(data), tried(data("smollm", null)), "a model needs no template");
    }

    @Test
    void anUnknownWayOfCuttingWordsIsRefusedByItsKey() {
        var refusal = tried(data("smolly", "{% if")).refusal().orElseThrow();
        assertEquals(Optional.of("tokenizer.ggml.pre"), refusal.key());
        assertTrue(refusal.message().contains("smolly"), refusal.message());
    }

    @Test
    void aTemplateThatIsNoneIsNamedWithItsPlace() {
        var outcome = tried(data("smollm", "a\n{% if"));
        assertEquals(Optional.empty(), outcome.refusal());
        assertTrue(outcome.template().orElseThrow().contains("line 2"), outcome.template()::toString);
    }
}
