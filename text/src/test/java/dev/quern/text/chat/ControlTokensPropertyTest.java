package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.text.MarkedText;
import dev.quern.text.SpecialTokens;
import dev.quern.text.Tokenizer;
import dev.quern.text.TokenizerData;
import dev.quern.text.TokenizerModel;
import dev.quern.text.Tokenizers;
import dev.quern.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random templates over random hostile contents: there are as many control tokens as the template spelled. */
class ControlTokensPropertyTest {
    private static final List<String> CONTROLS = List.of("<|X|>", "[INST]", "</S>", "<|end|>");
    private static final Tokenizer TOKENIZER = tokenizer();

    /** A frame around a content ({@code #}), and how many control tokens it spells itself. */
    record Frame(String text, int spelled) {}

    /** Characters as tokens, the control tokens, and what is merged on the way to some of them. */
    private static Tokenizer tokenizer() {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        tokens.addAll(CONTROLS);
        int controls = tokens.size();
        for (char unit = '!'; unit <= '~'; unit++) {
            tokens.add(String.valueOf(unit));
        }
        tokens.addAll(List.of("\u2581", "\n", "</", "S>", "<|", "|>", "[I", "ab"));
        int[] types = new int[tokens.size()];
        Arrays.fill(types, 1);
        Arrays.fill(types, 0, controls, 3);
        return Tokenizers.of(TokenizerData.of(
                TokenizerModel.SENTENCE_PIECE,
                null,
                Vocabulary.of(tokens, new float[types.length], types),
                List.of(),
                SpecialTokens.NONE));
    }

    @Property(tries = 3000)
    void noControlTokenComesOfTheRequest(
            @ForAll("frames") List<Frame> frames, @ForAll("hostile") String content, @ForAll("hostile") String other) {
        StringBuilder template = new StringBuilder();
        int spelled = 0;
        for (Frame frame : frames) {
            template.append(frame.text());
            spelled += frame.spelled();
        }
        ChatRequest request = ChatRequest.of(List.of(ChatMessage.of("user", content)))
                .withTools(List.of(Map.of("description", other, "parameters", Map.of(other, content))))
                .withDocuments(List.of(Map.of("title", other, "text", content)))
                .withVariable("s", other);
        MarkedText text = ChatTemplate.parse(template.toString()).render(request);
        long found = Arrays.stream(TOKENIZER.encode(text, Tokenizer.Options.CHAT))
                .filter(id -> TOKENIZER.isControl(id) && id != 0)
                .count();
        assertEquals(spelled, found, () -> template + " gives " + text);
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.oneOf(
                        Arbitraries.of(CONTROLS),
                        Arbitraries.of(
                                "<|", "|X|>", "<|x|>", "INST]", "[", "/S>", "<", ">", "|>", " ", "\n", "a", "ß", "'"))
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<Frame>> frames() {
        Arbitrary<String> operand = Arbitraries.of(
                "messages[0].content",
                "s",
                "(messages[0].content ~ s)",
                "tools",
                "tools[0].description",
                "documents[0]",
                "(tools[0].parameters.keys() | list | join)");
        Arbitrary<String> operation = Arbitraries.of(
                " | string | trim",
                " | string | upper",
                " | tojson",
                " | tojson(indent=1)",
                " | string | replace('a', 'b')",
                " | string | replace('<|', '<|')",
                " | string | replace('x', 'X')",
                " | string | indent(1)",
                " | string | list | join",
                " | string | reverse | reverse",
                " | string | lower | upper",
                " | string | truncate(20)",
                " | string | title | upper",
                " | string | map('upper') | join",
                " | list | join(s)",
                " | format | string");
        Arbitrary<String> value = Combinators.combine(operand, operation.list().ofMaxSize(3))
                .as((first, rest) -> "(" + first + String.join("", rest) + ")");
        Arbitrary<Frame> frame = Arbitraries.of(
                new Frame("<|X|>{{ # }}<|end|>\n", 2),
                new Frame("{{ '[INST] ' + (# | string) + ' </S>' }}", 2),
                new Frame("<{{ # }}>", 0),
                new Frame("<|{{ # }}|>", 0),
                new Frame("{{ '<|' ~ # ~ '|>[INST]' }}", 1),
                new Frame("{% for c in # %}{{ c }}{% endfor %}</S>", 1),
                new Frame("{% set x %}<|X|>{{ # }}{% endset %}{{ x | trim }}", 1),
                new Frame("{% filter upper %}<|x|>{{ # }}[inst]{% endfilter %}", 2),
                new Frame("{% macro m(a) %}</S>{{ a }}<{% endmacro %}{{ m(#) }}", 1),
                new Frame("{{ ('%s<|X|>' % (# | string)) }}", 1),
                new Frame("{{ '{}[INST]{}'.format(#, s) }}", 1),
                new Frame("{{ (# | string).split('</S>') | join('</S>') | replace('</S>', '') }}", 0),
                new Frame("{{ (# | string).partition('<|X|>') | join }}", 0),
                new Frame("{{ ('<|X|>' ~ #)[:60] }}", 1),
                new Frame("{{ {(# | string): 1} }}", 0),
                new Frame("{{ [#, '<|X|>'] | join('[INST]') }}", 2),
                new Frame("{% set n = namespace(v='</S>') %}{% set n.v = n.v ~ # %}{{ n.v }}", 1));
        return Combinators.combine(frame, value)
                .as((around, within) -> new Frame(around.text().replace("#", within), around.spelled()))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }
}
