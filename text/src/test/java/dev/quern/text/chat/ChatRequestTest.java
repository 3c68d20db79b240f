package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.text.SpecialRole;
import dev.quern.text.SpecialTokens;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerModel;
import dev.quern.text.Tokenizers;
import dev.quern.text.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What templates find defined: what Transformers defines for them, by the same names. */
class ChatRequestTest {
    private static final ChatRequest REQUEST = ChatRequest.of(List.of(ChatMessage.of("user", "Hi")));

    private static String render(String template, ChatRequest request) {
        return ChatTemplate.parse(template).render(request).text();
    }

    @Test
    void toolsAndDocumentsAreNoneWhereThereAreNone() {
        for (String name : List.of("tools", "documents")) {
            String seen = "{{ # is defined }}{{ # is none }}{{ # == none }}{{ # is sameas(none) }}{{ not # }}{{ # }}"
                    + "{{ {none: 1}[#] }}{{ # | tojson }}{{ # is iterable }}";
            assertEquals("TrueTrueTrueTrueTrueNone1nullFalse", render(seen.replace("#", name), REQUEST));
            // Templates for chats with tools do not ask before they go through them.
            assertEquals("none", render("{% for x in " + name + " %}a{% else %}none{% endfor %}", REQUEST));
        }
        assertEquals("1False", render("{{ tools | length }}{{ tools is none }}", REQUEST.withTools(List.of("f"))));
        assertEquals("d", render("{{ documents[0].text }}", REQUEST.withDocuments(List.of(Map.of("text", "d")))));
        assertEquals("0", render("{{ tools | length }}", REQUEST.withTools(List.of())));
        assertThrows(ChatTemplateException.class, () -> render("{% for x in none %}{% endfor %}", REQUEST));
    }

    @Test
    void whatElseIsDefined() {
        assertEquals("True", render("{{ add_generation_prompt }}", REQUEST));
        assertEquals("False", render("{{ add_generation_prompt }}", REQUEST.withGenerationPrompt(false)));
        String names = "{{ [raise_exception, range, dict, namespace, messages] | select('defined') | list | length }}";
        assertEquals("5", render(names, REQUEST));
        // The engine has no clock: the host says what time it is, or the template writes a date of its own.
        assertEquals("False", render("{{ strftime_now is defined }}", REQUEST));
        assertEquals(
                "02 Jan 2026",
                render("{{ strftime_now('%d %b %Y') }}", REQUEST.withTime(new ChatTime(2026, 1, 2, 3, 4, 5))));
        for (String name :
                List.of("enable_thinking", "date_string", "builtin_tools", "custom_tools", "bos_token", "pad_token")) {
            assertEquals("False", render("{{ " + name + " is defined }}", REQUEST));
        }
        assertEquals("False", render("{{ enable_thinking }}", REQUEST.withVariable("enable_thinking", false)));
        assertEquals("mine", render("{{ tools }}", REQUEST.withVariable("tools", "mine")));
    }

    private static TokenizerData sentencePiece(SpecialTokens special) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>", "\u2581pad", "<mask>"));
        return TokenizerData.of(
                TokenizerModel.SENTENCE_PIECE,
                null,
                Vocabulary.of(tokens, new float[tokens.size()], new int[] {2, 3, 3, 1, 3}),
                List.of(),
                special);
    }

    private static final String TOKENS =
            "{{ bos_token }}|{{ eos_token }}|{{ unk_token }}|{{ sep_token }}|{{ pad_token }}|{{ mask_token }}";

    /** A file that names no token leaves them to the rules of its kind, which encoding follows too. */
    @Test
    void tokensAreThoseThatEncodingUses() {
        ChatRequest silent = REQUEST.withTokens(Tokenizers.of(sentencePiece(SpecialTokens.NONE)));
        assertEquals("<s>|</s>|<unk>|||", render(TOKENS, silent));
        assertEquals("<s>Hi", render("{{ bos_token + messages[0].content }}", silent));
        ChatRequest named = REQUEST.withTokens(Tokenizers.of(sentencePiece(SpecialTokens.NONE
                .with(SpecialRole.BEGIN_OF_SEQUENCE, 2)
                .with(SpecialRole.PADDING, 3)
                .with(SpecialRole.MASK, 4)
                .with(SpecialRole.SEPARATOR, 99))));
        assertEquals("</s>|</s>|<unk>|| pad|<mask>", render(TOKENS, named), "a token that is text is its text");
    }

    @Test
    void tokensThatThereAreNotAreUndefined() {
        List<String> tokens = new ArrayList<>();
        for (char unit = 'a'; unit < 'k'; unit++) {
            tokens.add(String.valueOf(unit));
        }
        TokenizerData small = TokenizerData.of(
                TokenizerModel.BYTE_PAIR, "gpt-2", Vocabulary.of(tokens), List.of("a b"), SpecialTokens.NONE);
        assertEquals("|||||", render(TOKENS, REQUEST.withTokens(Tokenizers.of(small))));
        ChatTemplateException undefined = assertThrows(
                ChatTemplateException.class,
                () -> render("{{ bos_token + 'a' }}", REQUEST.withTokens(Tokenizers.of(small))));
        assertEquals("'bos_token' is undefined.", undefined.detail());
    }

    @Test
    void tokensAreTheTemplatesAndVariablesAreNot() {
        ChatRequest request = REQUEST.withTokens("<s>", "</s>").withVariable("suffix", "</s>");
        assertEquals(
                "<s>«Hi»</s>«</s>»",
                ChatTemplate.parse("{{ bos_token ~ messages[0].content ~ eos_token ~ suffix }}")
                        .render(request)
                        .toString());
    }
}
