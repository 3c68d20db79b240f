package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of all texts. */
class ChatTemplatePropertyTest {
    private static final ChatRequest REQUEST = ChatRequest.of(List.of(ChatMessage.of("user", "Hi 😀")))
            .withVariable("l", List.of(3, 1, 2))
            .withVariable("s", "text");

    /** Reads and renders; nothing but a {@link ChatTemplateException} may come of it. */
    private static String outcome(String template) {
        try {
            return ChatTemplate.parse(template).render(REQUEST).text();
        } catch (ChatTemplateException problem) {
            assertTrue(problem.line() >= 1 && problem.column() >= 1, problem.detail());
            return problem.detail();
        }
    }

    @Property(tries = 2000)
    void anyTextIsATemplateOrRefused(@ForAll String text) {
        String outcome = outcome(text);
        assertEquals(outcome, outcome(text));
    }

    @Property(tries = 4000)
    void anyPiecesAreATemplateOrRefused(@ForAll("pieces") List<String> pieces) {
        outcome(String.join("", pieces));
    }

    @Property(tries = 4000)
    void anyExpressionIsComputedOrRefused(@ForAll("tokens") List<String> tokens) {
        outcome("{{ " + String.join(" ", tokens) + " }}");
    }

    @Property(tries = 500)
    void textWithoutBracesStaysAsItIs(@ForAll("plain") String text) {
        String expected = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        assertEquals(expected, outcome(text));
    }

    @Property(tries = 500)
    void contentIsNeverReadAsATemplate(@ForAll String content) {
        ChatRequest request = ChatRequest.of(List.of(ChatMessage.of("user", content + "{{ 1 }}{% if %}")))
                .withGenerationPrompt(false);
        assertEquals(
                "<|im_start|>user\n" + content + "{{ 1 }}{% if %}<|im_end|>\n",
                ChatTemplate.chatml().render(request).text());
    }

    @Provide
    Arbitrary<String> plain() {
        return Arbitraries.strings().withChars(" \nab#%}é").ofMaxLength(30);
    }

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.of(
                        "{{",
                        "}}",
                        "{%",
                        "%}",
                        "{#",
                        "#}",
                        "{%-",
                        "-%}",
                        "{{-",
                        "-}}",
                        " ",
                        "\n",
                        "if ",
                        "endif",
                        "else",
                        "for x in l",
                        "endfor",
                        "set x = ",
                        "set x",
                        "endset",
                        "macro m(a)",
                        "endmacro",
                        "call m(1)",
                        "endcall",
                        "raw",
                        "endraw",
                        "break",
                        "continue",
                        "x",
                        "l",
                        "s",
                        "m(2)",
                        "1",
                        "'a'",
                        "|",
                        "list",
                        "loop.index",
                        "loop",
                        ".",
                        "(",
                        ")",
                        "[",
                        "]",
                        ":",
                        ",",
                        "filter upper",
                        "endfilter",
                        "text\n")
                .list()
                .ofMaxSize(25);
    }

    @Provide
    Arbitrary<List<String>> tokens() {
        return Arbitraries.of(
                        "1",
                        "2.5",
                        "-",
                        "+",
                        "*",
                        "/",
                        "//",
                        "%",
                        "**",
                        "~",
                        "(",
                        ")",
                        "[",
                        "]",
                        "{",
                        "}",
                        ":",
                        ",",
                        ".",
                        "|",
                        "=",
                        "==",
                        "<",
                        ">=",
                        "in",
                        "not",
                        "is",
                        "and",
                        "or",
                        "if",
                        "else",
                        "none",
                        "true",
                        "'%s é'",
                        "'{}'",
                        "l",
                        "s",
                        "messages",
                        "missing",
                        "range",
                        "namespace",
                        "dict",
                        "upper",
                        "length",
                        "tojson",
                        "join",
                        "sort",
                        "map",
                        "'upper'",
                        "first",
                        "defined",
                        "string",
                        "divisibleby",
                        "split",
                        "format",
                        "get",
                        "items",
                        "find",
                        "indent",
                        "round",
                        "int",
                        "batch",
                        "slice",
                        "groupby",
                        "truncate",
                        "0",
                        "99999999999",
                        "center",
                        "replace",
                        "abs",
                        "sum")
                .list()
                .ofMaxSize(12);
    }
}
