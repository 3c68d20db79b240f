package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What is rendered: the formats of well-known families, and each construct of the language. Expected texts are those of
 * Jinja 3.1.
 */
class ChatTemplateTest {
    private static final List<ChatMessage> TALK = List.of(
            ChatMessage.of("system", "Be brief."),
            ChatMessage.of("user", " Hi "),
            ChatMessage.of("assistant", "Yes?"),
            ChatMessage.of("user", "2+2?"));

    private static String talk(String template) {
        return ChatTemplate.parse(template)
                .render(ChatRequest.of(TALK).withTokens("<s>", "</s>").withTime(new ChatTime(2026, 3, 7, 15, 4, 5)))
                .text();
    }

    /** Renders with a few variables: a number, a string, a list, a map and a nested list. */
    private static String render(String template) {
        return ChatTemplate.parse(template)
                .render(ChatRequest.of(List.of(ChatMessage.of("user", "Hi")))
                        .withVariable("i", -7)
                        .withVariable("f", 1.5)
                        .withVariable("s", "Grüße 😀")
                        .withVariable("l", List.of(3, 1, 2))
                        .withVariable("d", ordered("b", 1, "a", Arrays.asList(true, null)))
                        .withVariable("rows", List.of(ordered("k", "b", "v", 2), ordered("k", "A", "v", 1)))
                        .withVariable("nothing", null))
                .text();
    }

    private static Map<String, @Nullable Object> ordered(String first, Object a, String second, Object b) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put(first, a);
        map.put(second, b);
        return map;
    }

    /** Pairs of a template and its text. */
    private static void check(String... pairs) {
        List<String> wrong = new ArrayList<>();
        for (int index = 0; index < pairs.length; index += 2) {
            String text = render(pairs[index]);
            if (!text.equals(pairs[index + 1])) {
                wrong.add(pairs[index] + " gives " + text + " instead of " + pairs[index + 1]);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void chatml() {
        String expected = """
            <|im_start|>system
            Be brief.<|im_end|>
            <|im_start|>user
             Hi <|im_end|>
            <|im_start|>assistant
            Yes?<|im_end|>
            <|im_start|>user
            2+2?<|im_end|>
            """;
        assertEquals(
                expected + "<|im_start|>assistant\n",
                ChatTemplate.chatml().render(ChatRequest.of(TALK)).text());
        assertEquals(
                expected,
                ChatTemplate.chatml()
                        .render(ChatRequest.of(TALK).withGenerationPrompt(false))
                        .text());
    }

    @Test
    void llama2() {
        String template = """
            {% if messages[0]['role'] == 'system' %}
                {% set rest = messages[1:] %}
                {% set system = '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' %}
            {% else %}
                {% set rest = messages %}{% set system = '' %}
            {% endif %}
            {% for message in rest %}
                {% if (message.role == 'user') != (loop.index0 % 2 == 0) %}
                    {{ raise_exception('Roles must alternate.') }}
                {% endif %}
                {% if message.role == 'user' %}
                    {{- bos_token + '[INST] ' + (system if loop.first else '') + message.content | trim + ' [/INST]' }}
                {%- else %}
                    {{- ' ' ~ message.content | trim ~ ' ' ~ eos_token }}
                {%- endif %}
            {% endfor %}
            """;
        assertEquals(
                "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Yes? </s><s>[INST] 2+2? [/INST]", talk(template));
    }

    @Test
    void llama3() {
        String template = """
            {{- bos_token }}
            {%- if not date_string is defined %}
                {%- set date_string = strftime_now('%d %b %Y') if strftime_now is defined else '26 Jul 2024' %}
            {%- endif %}
            {%- for message in messages %}
                {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}
                {%- if loop.first and message.role == 'system' %}
                    {{- 'Today is ' ~ date_string ~ '.\\n' }}
                {%- endif %}
                {{- message['content'] | trim + '<|eot_id|>' }}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
            {%- endif %}
            """;
        String header = "<|start_header_id|>%<|end_header_id|>\n\n";
        String rest = header.replace("%", "user") + "Hi<|eot_id|>" + header.replace("%", "assistant")
                + "Yes?<|eot_id|>" + header.replace("%", "user") + "2+2?<|eot_id|>"
                + header.replace("%", "assistant");
        assertEquals(
                "<s>" + header.replace("%", "system") + "Today is 07 Mar 2026.\nBe brief.<|eot_id|>" + rest,
                talk(template));
        assertEquals(
                header.replace("%", "system") + "Today is 26 Jul 2024.\nBe brief.<|eot_id|>" + rest,
                ChatTemplate.parse(template).render(ChatRequest.of(TALK)).text());
    }

    @Test
    void mistralWithTools() {
        String template = """
            {%- set users = messages | selectattr('role', 'equalto', 'user') | list %}
            {%- for message in messages if message.role != 'system' %}
                {%- if message.role == 'user' %}
                    {%- if tools is not none and message == users[-1] %}
                        {{- '[AVAILABLE_TOOLS] ' }}{{ tools | tojson }}{{ '[/AVAILABLE_TOOLS]' }}
                    {%- endif %}
                    {{- '[INST] ' + message.content + ' [/INST]' }}
                {%- elif message.tool_calls is defined and message.tool_calls is not none %}
                    {{- '[TOOL_CALLS] [' }}
                    {%- for call in message.tool_calls %}
                        {{- '{"name": "' + call.function.name + '", "arguments": ' }}
                        {{- call.function.arguments | tojson + '}' }}
                        {{- ', ' if not loop.last }}
                    {%- endfor %}
                    {{- ']' + eos_token }}
                {%- endif %}
            {%- endfor %}
            """;
        Object tool = Map.of("name", "sum", "description", "Adds <\"numbers\"> & more: é");
        Object call = Map.of("function", ordered("name", "sum", "arguments", Map.of("a", List.of(1, 2.5))));
        ChatRequest request = ChatRequest.of(List.of(
                        ChatMessage.of("user", "Add"),
                        ChatMessage.of("assistant", null).with("tool_calls", List.of(call, call))))
                .withTokens("<s>", "</s>")
                .withTools(List.of(ordered("type", "function", "x", tool)));
        String text = ChatTemplate.parse(template).render(request).text();
        String arguments = "{\"name\": \"sum\", \"arguments\": {\"a\": [1, 2.5]}}";
        assertEquals(
                "[INST] Add [/INST][TOOL_CALLS] [" + arguments + ", " + arguments + "]</s>",
                text.substring(text.indexOf("[INST]")));
        assertTrue(text.contains("\"Adds <\\\"numbers\\\"> & more: é\""), text);
    }

    @Test
    void gemmaAndPhi() {
        String gemma = """
            {{ bos_token }}{% for message in messages %}
            {% if message.role == 'system' %}{% continue %}{% endif %}
            {% set role = 'model' if message.role == 'assistant' else message.role %}
            {{ '<start_of_turn>' + role + '\\n' + message.content | trim + '<end_of_turn>\\n' }}
            {%- endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}
            """;
        assertEquals("""
            <s><start_of_turn>user
            Hi<end_of_turn>
            <start_of_turn>model
            Yes?<end_of_turn>
            <start_of_turn>user
            2+2?<end_of_turn>
            <start_of_turn>model
            """, talk(gemma));
        String phi = """
            {% for m in messages %}{{ '<|' + m.role + '|>\\n' + m.content + '<|end|>\\n' }}{% endfor %}
            {%- if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% else %}{{ eos_token }}{% endif %}
            """;
        assertEquals("""
            <|system|>
            Be brief.<|end|>
            <|user|>
             Hi <|end|>
            <|assistant|>
            Yes?<|end|>
            <|user|>
            2+2?<|end|>
            <|assistant|>
            """, talk(phi));
    }

    @Test
    void whiteSpaceAroundTags() {
        check(
                "  {% if true %}\n  a\n  {% endif %}\nb", "  a\nb",
                "  {%+ if true %}\n  a\n  {%+ endif +%}\nb", "    a\n  \nb",
                "x  {%- if true -%}  \n  a\n  {%- endif -%}  \nb", "xab",
                "a\n  {{ 1 }}\n  {{- 2 -}}\n b", "a\n  12b",
                "a\n  {# c #}\n b", "a\n b",
                "a {#- c -#} b", "ab",
                "a\r\n{% set x = 1 %}\r\nb\rc\r\n", "a\nb\nc",
                "{% raw %}{{ x }} {% y %}{% endraw %}z", "{{ x }} {% y %}z",
                " {%- raw -%}  {{ x }}  {%- endraw %} z", "{{ x }} z",
                "{{ '{{' }} {{ \"%}\" }} {{ {'a': {'b': 1}}.a.b }} }} #}", "{{ %} 1 }} #}",
                "", "",
                "x\n\n", "x\n");
    }

    @Test
    void loops() {
        check(
                "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }} {% endfor %}",
                "1032 2121 3210 ",
                "{% for x in l %}{{ loop.first }}{{ loop.last }}{{ loop.length }} {% endfor %}",
                "TrueFalse3 FalseFalse3 FalseTrue3 ",
                "{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}",
                "<3>1 3<1>2 1<2> ",
                "{% for x in l if x > 1 %}{{ x }}{{ loop.length }}{{ loop.last }} {% endfor %}",
                "32False 22True ",
                "{% for x in missing %}a{% else %}none{% endfor %}",
                "none",
                "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
                "b=1;a=[True, None];",
                "{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
                "123",
                "{% for x in l %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% endfor %}",
                "31",
                "{% for x in l %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
                "32",
                "{% for x in [[1, [2]], [3]] recursive %}{{ loop.depth if x is iterable else x }}"
                        + "{{ loop(x) if x is iterable }}{% endfor %}",
                "1122" + "1" + "3",
                "{% set n = namespace(f=false) %}{% for x in l if not n.f %}{{ x }}{% set n.f = true %}{% endfor %}",
                "3",
                "{% for x in l %}{{ loop.cycle('a', 'b') }}{{ loop.changed(x > 1) }} {% endfor %}",
                "aTrue bTrue aTrue ",
                "{% for c in s[:3] %}{{ c }}.{% endfor %}",
                "G.r.ü.");
    }

    @Test
    void namesAndScopes() {
        check(
                "{% set x = 1 %}{% for i in l %}{{ x }}{% set x = 2 %}{{ x }} {% endfor %}{{ x }}", "12 12 12 1",
                "{% set n = namespace(x=0) %}{% for i in l %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}", "6",
                "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "12",
                "{% set x | upper | trim %} a{{ 1 }} {% endset %}[{{ x }}]", "[A1]",
                "{% if true %}{% set y = 1 %}{% endif %}{{ y }}", "1",
                "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a is defined }}", "3False",
                "{% filter upper %}a{{ 1 }}b{% endfilter %}", "A1B",
                "{% generation %}{% set q = 1 %}a{{ q }}{% endgeneration %}{{ q is defined }}", "a1False",
                "{% if false %}a{% elif nothing %}b{% else %}c{% endif %}", "c",
                "{{ missing }}|{{ nothing }}|{{ missing is defined }}|{{ (d.zz.y is defined) if d.zz }}",
                        "|None|False|");
    }

    @Test
    void macros() {
        check(
                "{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(b=5, a=4) }} {{ m() }}",
                        "121 454 2",
                "{% macro m(n) %}{{ n }}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}", "3210",
                "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, x=2) }}", "(1,){'x': 2}",
                "{% macro m() %}[{{ caller('q') }}]{% endmacro %}{% call(a) m() %}{{ a }}!{% endcall %}", "[q!]",
                "{% macro m(x) %}{% set y = x %}{{ y }}{% endmacro %}{{ m(1) }}{{ y is defined }}", "1False",
                "{% macro m() %} x {% endmacro %}{{ m() | trim ~ 'y' }}", "xy");
    }

    @Test
    void operators() {
        check(
                "{{ 7 / 2 }} {{ 7 // 2 }} {{ i // 2 }} {{ i % 3 }} {{ 7.5 % -2 }} {{ 2 ** 10 }} {{ 2 ** -1 }}",
                        "3.5 3 -4 2 -0.5 1024 0.5",
                "{{ 1 + 2 * 3 - 4 }} {{ 1 ~ 2 * 3 }} {{ -l[0] }} {{ 'ab' * 2 }} {{ l + [4] }}",
                        "3 16 -3 abab [3, 1, 2, 4]",
                "{{ 1 < 2 < 3 }} {{ 1 < 2 > 3 }} {{ 1 == 1.0 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ 1 != 2 }}",
                        "True False True True True True",
                "{{ 1 in l }} {{ 'b' in d }} {{ 'r' in s }} {{ 9 not in l }} {{ 'x' in missing }} {{ not 1 in l }}",
                        "True True True True False False",
                "{{ 0 or 'x' }} {{ nothing and 1 }} {{ '' or l }} {{ 1 if l else 2 }} {{ 1 if missing }}",
                        "x None [3, 1, 2] 1 ",
                "{{ 0.1 + 0.2 }} {{ 1e16 }} {{ 1e-5 }} {{ 100.0 }} {{ 1.5e300 * 1e10 }}",
                        "0.30000000000000004 1e+16 1e-05 100.0 inf",
                "{{ 0x1f }} {{ 0b11 }} {{ 0o17 }} {{ 1_000 }} {{ 'a' 'b' }} {{ 'a\\tb\\x41\\u00e9\\'' }}",
                        "31 3 15 1000 ab a\tbAé'",
                "{{ (1,) }} {{ (1, 2) }} {{ [] }} {{ {'a': \"it's\", 1: none} }}",
                        "(1,) (1, 2) [] {'a': \"it's\", 1: None}",
                "{{ l[-1] }} {{ l[1:] }} {{ l[::-1] }} {{ s[-1] }} {{ s[::-1] }} {{ s[:2] }} {{ l[9] is defined }}",
                        "2 [1, 2] [2, 1, 3] 😀 😀 eßürG Gr False",
                "{{ d.b }} {{ d['b'] }} {{ d.get('z', 5) }} {{ d.zz is defined }} {{ l.0 }} {{ rows[0].k }}",
                        "1 1 5 False 3 b",
                "{{ range(4)[1:] | list }} {{ range(5, 0, -2) | list }} {{ dict(a=1, **{'b': 2}) }}",
                        "[1, 2, 3] [5, 3, 1] {'a': 1, 'b': 2}");
    }

    @Test
    void testsOfValues() {
        check(
                "{{ 1 is odd }}{{ 2 is even }}{{ 9 is divisibleby 3 }}{{ 'x' is string }}{{ d is mapping }}",
                        "TrueTrueTrueTrueTrue",
                "{{ l is sequence }}{{ s is iterable }}{{ nothing is iterable }}{{ missing is sequence }}",
                        "TrueTrueFalseTrue",
                "{{ nothing is none }}{{ missing is none }}{{ missing is undefined }}{{ nothing is not defined }}",
                        "TrueFalseTrueFalse",
                "{{ true is number }}{{ true is integer }}{{ 1.0 is float }}{{ true is boolean }}{{ 1 is true }}",
                        "TrueFalseTrueTrueFalse",
                "{{ 1 is in l }}{{ 1 is eq 1 }}{{ 2 is gt(1) }}{{ 'A' is upper }}{{ none is sameas none }}",
                        "TrueTrueTrueTrueTrue",
                "{{ 'upper' is filter }}{{ 'zork' is filter }}{{ range is callable }}", "TrueFalseTrue");
    }

    @Test
    void methods() {
        check(
                "{{ 'a,b,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ ' a  b '.split() }} {{ 'a-b-c'.rsplit('-', 1)"
                        + " }}",
                "['a', 'b', 'c'] ['a', 'b,c'] ['a', 'b'] ['a-b', 'c']",
                "{{ 'x</think>y'.split('</think>')[-1] }}{{ ' x '.strip() }}{{ 'xax'.strip('x') }}{{ '\\n"
                        + " a'.lstrip('\\n"
                        + "') }}",
                "yxa a",
                "{{ s.startswith('Gr') }}{{ s.endswith(('x', '😀')) }}{{ 'aXa'.replace('a', 'b', 1) }}{{"
                        + " '-'.join(['a', 'b']) }}",
                "TrueTruebXaa-b",
                "{{ s.upper() }} {{ 'aB cD'.title() }} {{ 'aB'.capitalize() }} {{ 'aB'.swapcase() }}",
                "GRÜSSE 😀 Ab Cd Ab Ab",
                "{{ s.find('😀') }}{{ 'abab'.rfind('b') }}{{ 'abab'.count('ab') }}{{ '42'.zfill(4) }}{{ 'a'.center(3,"
                        + " '*') }}",
                "6320042*a*",
                "{{ 'a=b=c'.partition('=') }} {{ 'a.txt'.removesuffix('.txt') }} {{ 'a\\nb\\n'.splitlines() }}",
                "('a', '=', 'b=c') a ['a', 'b']",
                "{{ '{} {x:>3}|{:.2f}'.format('a', 2, x=1) }} {{ '%s-%03d' % ('a', 7) }} {{ '12'.isdigit() }}",
                "a   1|2.00 a-007 True",
                "{{ d.keys() | list }} {{ d.values() | list }} {{ d.items() }} {{ l.index(2) }}{{ l.count(1) }}",
                "['b', 'a'] [1, [True, None]] dict_items([('b', 1), ('a', [True, None])]) 21");
    }

    @Test
    void filters() {
        check(
                "{{ d | tojson }}",
                "{\"b\": 1, \"a\": [true, null]}",
                "{{ d | tojson(indent=2) }}",
                "{\n  \"b\": 1,\n  \"a\": [\n    true,\n    null\n  ]\n}",
                "{{ {'z': s, 'a': '<\\n\"'} | tojson(sort_keys=true, separators=(',', ':')) }}",
                "{\"a\":\"<\\n\\\"\",\"z\":\"Grüße 😀\"}",
                "{{ s | tojson(ensure_ascii=true) }}",
                "\"Gr\\u00fc\\u00dfe \\ud83d\\ude00\"",
                "{{ missing | default('x') }}{{ nothing | default('x') }}{{ nothing | default('x', true) }}",
                "xNonex",
                "{{ l | join(', ') }} {{ rows | join('-', attribute='k') }} {{ l | length }}{{ s | count }}",
                "3, 1, 2 b-A 37",
                "{{ l | first }}{{ l | last }}{{ l | min }}{{ l | max }}{{ l | sum }}{{ l | sort }}{{ l | reverse |"
                        + " list }}",
                "32136[1, 2, 3][2, 1, 3]",
                "{{ rows | sort(attribute='k') | map(attribute='k') | join }}{{ rows | map('length') | list }}",
                "Ab[2, 2]",
                "{{ rows | selectattr('v', 'gt', 1) | map(attribute='k') | list }}{{ l | reject('odd') | list }}",
                "['b'][2]",
                "{{ d | dictsort }} {{ d | items | list | length }}",
                "[('a', [True, None]), ('b', 1)] 2",
                "{{ ['a', 'A', 'b'] | unique | list }} {{ l | batch(2) | list }} {{ l | slice(2) | list }}",
                "['a', 'b'] [[3, 1], [2]] [[3, 1], [2]]",
                "{{ rows | groupby('v') | length }} {{ rows | sum(attribute='v') }}",
                "2 3",
                "{{ ' x ' | trim }}{{ 'x' | upper }}{{ 'X' | lower }}{{ 'ab cd-ef' | title }}{{ 'aB' | capitalize }}",
                "xXxAb Cd-EfAb",
                "{{ '5.7' | int }}{{ 'x' | int(9) }}{{ 'ff' | int(base=16) }} {{ '1.5' | float }} {{ 2.5 | round }} {{"
                        + " i | abs }}",
                "59255 1.5 2.0 7",
                "{{ 'a\\n\\nb' | indent(2, first=true) }}",
                "  a\n\n  b",
                "{{ 'a b c d e f g' | truncate(9, leeway=0) }} {{ 'a b' | wordcount }} {{ '%s' | format(1) }}",
                "a b c... 2 1",
                "{{ '<&' | e }} {{ '<' | safe + '<' }} {{ ('<' | e) ~ '<' }} {{ 5 | string | replace('5', 'x') }}",
                "&lt;&amp; <&lt; &lt;< x");
    }

    @Test
    void times() {
        assertEquals(
                "07 Mar 2026|Saturday Sat March 3 PM 066 26 7 15:04:05",
                talk("{{ strftime_now('%d %b %Y|%A %a %B %-m %p %j %y %-d %H:%M:%S') }}"));
        assertEquals(3, new ChatTime(2026, 1, 1, 0, 0, 0).weekday());
        assertEquals(1, new ChatTime(2000, 2, 29, 0, 0, 0).weekday());
    }
}
