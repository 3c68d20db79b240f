package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.text.chat.ChatTemplateException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and how. */
class ChatTemplateProblemsTest {
    private static final ChatRequest REQUEST = ChatRequest.of(List.of(ChatMessage.of("user", "Hi")))
            .withVariable("l", List.of(3, 1, 2))
            .withVariable("d", Map.of("a", 1));

    private static ChatTemplateException problem(String template) {
        return assertThrows(
                ChatTemplateException.class, () -> ChatTemplate.parse(template).render(REQUEST));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% if x %}",
                "{% if x %}{% endfor %}",
                "{% endif %}",
                "{{ 1",
                "{{ }}",
                "{{ 1 2 }}",
                "{{ (1 }}",
                "{{ 1] }}",
                "{{ 'a }}",
                "{{ a. }}",
                "{{ f(a=1, 2) }}",
                "{{ 1 | }}",
                "{{ @ }}",
                "{% %}",
                "{# x",
                "{% raw %}",
                "{% break %}",
                "{% for loop in l %}{% endfor %}",
                "{% set true = 1 %}",
                "{% set 1 = 1 %}",
                "{% macro m(a=1, b) %}{% endmacro %}",
                "{% call 1 %}{% endcall %}",
                "{{ 1 is defined is none }}",
                "{{ '\\x4' }}",
                "{{ '\\Uffffffff' }}",
                "{% set a = %}",
                "{{ [1 2] }}",
                "{{ {1} }}"
            })
    void refusesWhatIsNoTemplate(String template) {
        ChatTemplateException problem = assertThrows(ChatTemplateException.class, () -> ChatTemplate.parse(template));
        assertEquals(Kind.SYNTAX, problem.kind(), problem.getMessage());
        assertTrue(problem.line() == 1 && problem.column() >= 1, problem.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "{% include 'x' %}¦ the tag 'include'",
                "{% do x %}¦ the tag 'do'",
                "{% block b %}{% endblock %}¦ the tag 'block'",
                "{{ x | urlize }}¦ the filter 'urlize'",
                "{{ x is zork }}¦ the test 'zork'",
                "{% for x in l %}{{ x | from_json }}{% endfor %}¦ the filter 'from_json'",
                "{{ 99999999999999999999 }}¦ the integer 99999999999999999999",
                "{{ '\\N{DASH}' }}¦ the escape '\\N'"
            })
    void refusesByNameWhenReading(String template, String named) {
        ChatTemplateException problem = assertThrows(ChatTemplateException.class, () -> ChatTemplate.parse(template));
        assertEquals(Kind.UNSUPPORTED, problem.kind());
        assertTrue(problem.detail().startsWith(named), problem.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "{% if l %}{{ x | zork }}{% endif %}¦ the filter 'zork'",
                "{{ l | map('zork') | list }}¦ the filter 'zork'",
                "{{ l | select('zork') | list }}¦ the test 'zork'",
                "{{ lipsum() }}¦ the function 'lipsum'",
                "{{ 'a'.encode() }}¦ the method 'encode' of strings",
                "{{ '{0.x}'.format(l) }}¦ the field '{0.x}' of a format",
                "{{ 2 ** 99 }}¦ 2 ** 99 gives an integer of more than 64 bits"
            })
    void refusesByNameWhenReached(String template, String named) {
        ChatTemplateException problem = problem(template);
        assertEquals(Kind.UNSUPPORTED, problem.kind());
        assertTrue(problem.detail().startsWith(named), problem.getMessage());
    }

    @Test
    void letsBeWhatIsNotReached() {
        String template = "{% if not l %}{{ x | zork }}{% endif %}{{ (x | zork) if not l else 'fine' }}";
        assertEquals("fine", ChatTemplate.parse(template).render(REQUEST).text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "{{ x.y }}¦ 'x' is undefined.",
                "{{ messages[0].zork + 'a' }}¦ a dict has no attribute 'zork' (the message looked at last is messages[0]).",
                "{{ none + 'a' }}¦ '+' cannot be applied to None and a string.",
                "{{ 1 < 'a' }}¦ '<' cannot compare an integer with a string.",
                "{{ 1 / 0 }}¦ '/' by zero.",
                "{% for a, b in [(1, 2, 3)] %}{% endfor %}¦ a tuple is taken apart into 2 values, but it has more.",
                "{% for a in none %}{% endfor %}¦ None has no items to go through.",
                "{% set d.x = 1 %}¦ 'd.x' is set, but 'd' is a dict, not a namespace.",
                "{{ l.append(1) }}¦ 'append' of a list would change it, and templates may not change what they are"
                        + " given.",
                "{{ f() }}¦ 'f' is undefined.",
                "{{ l | tojson(2, 3, 4, 5, 6) }}¦ the filter 'tojson' takes 4 arguments at most, but gets 5.",
                "{{ l | join(by='x') }}¦ the filter 'join' has no argument 'by'; it has d, attribute.",
                "{{ l | map('string') | tojson }}¦ 'tojson' cannot write a generator.",
                "{{ l | map('string') | length }}¦ a generator has no length.",
                "{{ {l: 1} }}¦ a list cannot be the key of a dict.",
                "{{ strftime_now('%Y') }}¦ 'strftime_now' is undefined."
            })
    void saysWhatCannotBeComputed(String template, String detail) {
        ChatTemplateException problem = problem(template);
        assertEquals(Kind.EVALUATION, problem.kind());
        assertEquals(detail, problem.detail());
    }

    @Test
    void saysWhere() {
        ChatTemplateException problem =
                problem("a\n{% for m in messages %}\n  {{ m.content }}\n  {{ m.name.first }}\n{% endfor %}");
        assertEquals(
                "The chat template cannot be rendered, at line 4, column 13: a dict has no attribute 'name' (the message"
                        + " looked at last is messages[0]).",
                problem.getMessage());
    }

    @Test
    void namesTheMessageThatHasNoContent() {
        ChatRequest request = ChatRequest.of(List.of(
                ChatMessage.of("user", "a"),
                ChatMessage.of("assistant", null).with("tool_calls", List.of(Map.of("name", "f"))),
                ChatMessage.of("tool", "b")));
        for (String template : List.of(
                "{% for m in messages %}{{ m.content.strip() }}{% endfor %}",
                "{% for m in messages[1:] %}{{ m['content'] + 'x' }}{% endfor %}",
                "{{ messages[1].content | trim }}{{ messages[1].content.x.y }}")) {
            ChatTemplateException problem = assertThrows(
                    ChatTemplateException.class,
                    () -> ChatTemplate.parse(template).render(request));
            assertEquals(Kind.EVALUATION, problem.kind());
            assertTrue(
                    problem.detail()
                            .endsWith(
                                    " (the message looked at last is messages[1], which has no content: an empty text,"
                                            + " \"\", may do)."),
                    problem.detail());
        }
        assertEquals(
                "<|im_start|>assistant\n<|im_end|>\n",
                ChatTemplate.chatml()
                        .render(ChatRequest.of(List.of(request.messages().get(1)))
                                .withGenerationPrompt(false))
                        .text());
    }

    @Test
    void passesOnWhatTheTemplateRefuses() {
        ChatTemplateException problem = problem("{{ raise_exception('Roles must ' ~ 'alternate!') }}");
        assertEquals(Kind.REFUSED, problem.kind());
        assertEquals("Roles must alternate!", problem.detail());
        assertEquals(
                "The chat template refuses this conversation: Roles must alternate! (raised at line 1, column 19)",
                problem.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% for a in range(99999) %}{% for b in range(99999) %}{{ '' }}{% endfor %}{% endfor %}",
                "{{ 'x' * 99999999 }}",
                "{{ range(1000000) }}",
                "{{ [0] * 9999999 }}",
                "{% set n = namespace(s='xxxxxxxx') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
                "{% set n = namespace(s='xxxxxxxx') %}{% for i in range(99) %}{% set n.s = n.s | replace('x', n.s)"
                        + " %}{% endfor %}",
                "{% set n = namespace(s=[1]) %}{% for i in range(999) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s"
                        + " }}",
                "{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s |"
                        + " tojson }}",
                "{% set n = namespace(s=[1], t=[1]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}"
                        + "{% set n.t = [n.t, n.t] %}{% endfor %}{{ n.s == n.t }}",
                "{% set n = namespace(s=(1,)) %}{% for i in range(60) %}{% set n.s = (n.s, n.s) %}{% endfor %}{{ {n.s:"
                        + " 1} }}",
                "{% set n = namespace(s=[1]) %}{% for i in range(999) %}{% set n.s = n.s | map('string') %}{% endfor %}"
                        + "{{ n.s | list }}",
                "{% for i in range(99999) %}{{ 'x' * 9999 }}{% endfor %}",
                "{{ 'x'.center(999999999) }}",
                "{{ '%s' | format('x') * 9 }}{{ 'a'.join(['x' * 9999999, 'y' * 9999999]) }}"
            })
    void stopsWhatWouldNotEnd(String template) {
        ChatTemplateException problem = problem(template);
        assertEquals(Kind.LIMIT, problem.kind(), problem.getMessage());
    }

    @Test
    void deepTemplatesEndInAnErrorOrAText() {
        for (String deep : List.of(
                "(".repeat(5000), "[".repeat(5000), "- ".repeat(5000), "not ".repeat(5000), "{1:".repeat(5000))) {
            assertThrows(ChatTemplateException.class, () -> ChatTemplate.parse("{{ " + deep + "1 }}"));
        }
        assertThrows(ChatTemplateException.class, () -> ChatTemplate.parse("{% if 1 %}".repeat(5000)));
        assertEquals(Kind.LIMIT, problem("{{ 1" + " + 1".repeat(5000) + " }}").kind());
        assertEquals(Kind.LIMIT, problem("{{ d" + "['a']".repeat(5000) + " }}").kind());
        assertEquals(
                Kind.LIMIT, problem("{{ l" + " | list".repeat(5000) + " }}").kind());
        assertEquals(
                "5001",
                ChatTemplate.parse("{{ (''" + " ~ 'x'".repeat(5001) + ") | length }}")
                        .render(REQUEST)
                        .text());
    }

    @Test
    void refusesWhatIsNoJson() {
        ChatTemplateException problem = assertThrows(
                ChatTemplateException.class,
                () -> ChatTemplate.chatml().render(REQUEST.withVariable("x", List.of(new Object()))));
        assertEquals(Kind.REQUEST, problem.kind());
        assertEquals("\"x\" holds what is neither null, boolean, number, string, list nor map.", problem.detail());
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThrows(
                ChatTemplateException.class, () -> ChatTemplate.chatml().render(REQUEST.withVariable("x", endless)));
        assertThrows(ChatTemplateException.class, () -> new ChatTime(2026, 2, 29, 0, 0, 0));
    }
}
