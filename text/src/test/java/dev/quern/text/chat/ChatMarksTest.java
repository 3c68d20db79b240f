package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What came from the request stays known through all that a template does with it. It is shown in {@code «»}. */
class ChatMarksTest {
    private static final ChatTime TIME = new ChatTime(2026, 1, 2, 3, 4, 5);

    private static ChatRequest request() {
        return ChatRequest.of(List.of(ChatMessage.of("user", "ab c")))
                .withTokens("<s>", "</s>")
                .withTime(TIME)
                .withTools(List.of(new TreeMap<>(Map.of("name", "f", "text", "\"<&>\n"))))
                .withDocuments(List.of("doc"))
                .withVariable("s", " ab\ncd ")
                .withVariable("l", List.of("x", "y"))
                .withVariable("d", new TreeMap<>(Map.of("k", "v", "n", 1)));
    }

    private static void check(String... pairs) {
        List<String> wrong = new ArrayList<>();
        for (int index = 0; index < pairs.length; index += 2) {
            MarkedText text = ChatTemplate.parse(pairs[index]).render(request());
            if (!text.toString().equals(pairs[index + 1])) {
                wrong.add(pairs[index] + " gives " + text + " instead of " + pairs[index + 1]);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void whatIsMarked() {
        check(
                "{{ messages[0].content }}", "«ab c»",
                "{{ tools[0].name }}", "«f»",
                "{{ documents[0] }}", "«doc»",
                "{{ l[1] }}{{ d.k }}{{ d.n }}", "«yv»1",
                "{{ d | first }}", "«k»",
                "{{ bos_token }}{{ eos_token }}", "<s></s>",
                "{{ messages[0].keys() | list | join }}", "«rolecontent»",
                "{% for m in messages %}<{{ m.role }}>{{ m['content'] }}{% endfor %}", "<user>«ab c»");
    }

    @Test
    void joining() {
        check(
                "{{ '<' + s + '>' }}", "<« ab\ncd »>",
                "{{ '<' ~ s ~ 1 ~ none }}", "<« ab\ncd »1None",
                "{{ l | join('-') }}", "«x»-«y»",
                "{{ ['a', 'b'] | join(s) }}", "a« ab\ncd »b",
                "{{ '-'.join(l) }}{{ l[0].join(['a', 'b', 'c']) }}", "«x»-«y»a«x»b«x»c",
                "{{ 'a' * 2 }}{{ l[0] * 2 }}", "aa«xx»",
                "{{ ['a', l[0]] | sum(start='') }}", "a«x»");
    }

    @Test
    void cutting() {
        check(
                "{{ s | trim }}{{ s.strip() }}", "«ab\ncdab\ncd»",
                "{{ ('<' ~ s ~ '>')[:3] }}", "<« a»",
                "{{ ('<' ~ s ~ '>')[::-1] }}", ">« dc\nba »<",
                "{{ ('<' ~ s ~ '>')[::7] }}", "<« »",
                "{{ ('<' ~ s ~ '>') | reverse | first }}", ">",
                "{{ ('<' ~ s)[-2] }}", "«d»",
                "{% for c in 'a' ~ l[0] %}{{ c }}.{% endfor %}", "a.«x».",
                "{{ ('a,' ~ s).split(',') | last }}", "« ab\ncd »",
                "{{ ('a' ~ s).split() }}", "['a', '«ab»', '«cd»']",
                "{{ ('a' ~ s).rsplit('b', 1)[0] }}", "a« a»",
                "{{ ('a' ~ s).splitlines() | last }}", "«cd »",
                "{{ ('ax' ~ l[0]).partition('x') }}", "('a', 'x', '«x»')",
                "{{ ('a' ~ l[0]).partition('x')[1] }}", "«x»",
                "{{ ('a' ~ l[0]).rpartition('a')[2] }}", "«x»",
                "{{ ('a' ~ l[0]).removeprefix('a') }}{{ ('a' ~ l[0]).removesuffix('x') }}", "«x»a",
                "{{ ('ab' ~ l[0]) | truncate(2, true, '', 0) }}", "ab",
                "{{ (l[0] ~ 'abc') | truncate(3, true, '.', 0) }}", "«x»a.",
                "{{ (l[0] ~ 'abc') | list | first }}{{ (l[0] ~ 'a') | last }}", "«x»a");
    }

    @Test
    void changing() {
        check(
                "{{ ('a' ~ l[0]) | upper }}{{ ('A' ~ l[0]).lower() }}", "A«X»a«x»",
                "{{ ('a' ~ l[0] ~ 'ß') | upper }}", "A«X»SS",
                "{{ ('a' ~ l[0]) | title }}{{ ('a' ~ l[0]).title() }}", "A«x»A«x»",
                "{{ ('a' ~ l[0]) | capitalize }}{{ ('a' ~ l[0]).swapcase() }}", "A«x»A«X»",
                "{{ ('a' ~ s) | replace('a', 'bb') }}", "bb« »bb«b\ncd »",
                "{{ ('a' ~ l[0]).replace('a', l[1]) }}", "«yx»",
                "{{ 'ab'.replace('', l[0]) }}", "«x»a«x»b«x»",
                "{{ ('<' ~ l[0]) | escape }}", "&lt;«x»",
                "{{ tools[0].text | forceescape }}", "«&#34;&lt;&amp;&gt;\n»",
                "{{ ('a' ~ s) | indent(2, true) }}", "  a« ab»\n  «cd »",
                "{{ 'a\nb' | indent(l[0]) }}", "a\n«x»b",
                "{{ l[0] | center(5) }}{{ 'a'.center(3, l[0]) }}", "  «x»  «x»a«x»",
                "{{ l[0].ljust(3, '.') }}{{ l[0].rjust(3) }}{{ l[0].zfill(3) }}", "«x»..  «x»00«x»",
                "{{ s | string | safe | trim }}", "«ab\ncd»",
                "{{ missing | default(l[0]) }}", "«x»");
    }

    @Test
    void formatting() {
        check(
                "{{ 'a%s|%5s|%r|%.1s' % (l[0], l[1], l[0], s) }}", "a«x»|    «y»|'«x»'|« »",
                "{{ l[0] % () }}{{ ('%s' ~ l[0]) % 'a' }}", "«x»a«x»",
                "{{ '{}{:*^5}{!r}{{'.format(l[0], l[1], l[0]) }}", "«x»**«y»**'«x»'{",
                "{{ '<%s>' | format(l[0]) }}", "<«x»>",
                "{{ '%(k)s' | format(k=l[0]) }}{{ '{k}'.format(k=l[0]) }}", "«xx»",
                "{{ strftime_now('%Y') }}{{ strftime_now(l[0] ~ '%d') }}", "2026«x02»",
                "{{ l }}{{ d }}", "['«x»', '«y»']{'«k»': '«v»', '«n»': 1}",
                "{{ tools[0].text ~ [tools[0].text] }}", "«\"<&>\n»['«\"<&>\\n»']");
    }

    @Test
    void json() {
        check(
                "{{ d | tojson }}", "{\"«k»\": \"«v»\", \"«n»\": 1}",
                "{{ tools | tojson }}", "[{\"«name»\": \"«f»\", \"«text»\": \"«\\\"<&>\\n»\"}]",
                "{{ ('é' ~ l[0]) | tojson(ensure_ascii=true) }}", "\"\\u00e9«x»\"",
                "{{ d | tojson(indent=1) }}", "{\n \"«k»\": \"«v»\",\n \"«n»\": 1\n}",
                "{{ [1, 2] | tojson(separators=[l[0], '']) }}", "[1«x»2]",
                "{{ [1] | tojson(indent=l[0]) }}", "[\n«x»1\n]");
    }

    @Test
    void blocks() {
        check(
                "{% set x %}<{{ s | trim }}>{% endset %}{{ x | upper }}", "<«AB\nCD»>",
                "{% filter upper %}a{{ l[0] }}{% endfilter %}", "A«X»",
                "{% macro m(a, b=l[1]) %}<{{ a ~ b }}>{% endmacro %}{{ m(l[0]) }}", "<«xy»>",
                "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}a{{ l[0] }}{% endcall %}", "<a«x»>",
                "{% macro m() %}{{ kwargs | tojson }}{% endmacro %}{{ m(**d) }}", "{\"«k»\": \"«v»\", \"«n»\": 1}",
                "{% macro m() %}{{ varargs | join }}{% endmacro %}{{ m(*l) }}", "«xy»",
                "{% set n = namespace(a='a') %}{% set n.a = n.a + l[0] %}{{ n.a }}", "a«x»",
                "{{ namespace(**d) }}", "<Namespace {'«k»': '«v»', '«n»': 1}>",
                "{{ dict(d, a='b') | tojson }}", "{\"«k»\": \"«v»\", \"«n»\": 1, \"a\": \"b\"}",
                "{% with a = l[0] %}{{ a }}{% endwith %}{{ l[0] if 1 }}{{ '' or l[1] }}", "«xxy»",
                "{% for a in l recursive %}{{ a }}{{ loop([l[1]]) if loop.depth == 1 }}{% endfor %}", "«xyyy»");
    }

    @Test
    void collecting() {
        check(
                "{{ l | map('upper') | join }}{{ [d] | map(attribute='k') | join }}", "«XYv»",
                "{{ ['b', 'a', l[0]] | sort | join(',') }}", "a,b,«x»",
                "{{ d | dictsort | first | join }}{{ d | items | first | join }}", "«kvkv»",
                "{{ l | batch(1) | list }}", "[['«x»'], ['«y»']]",
                "{{ [d] | groupby('k') | first | first }}", "«v»",
                "{{ (l + ['x']) | unique | join }}{{ (['x'] + l) | unique | join }}", "«xy»x«y»");
    }

    @Test
    void marksAreSeenByNoOperation() {
        check(
                "{{ l[0] == 'x' }}{{ 'x' in l }}{{ {'x': 1}[l[0]] }}{{ {l[0]: 1}['x'] }}", "TrueTrue11",
                "{{ l[0] is sameas('x') }}{{ 'x' is sameas(l[0]) }}{{ l == ['x', 'y'] }}", "TrueTrueTrue",
                "{{ l.index('y') }}{{ s.find('b') }}{{ s | length }}{{ s.count('a') }}", "1271",
                "{{ d.get(l[0], 'z') }}{{ 'k' in d }}{{ d['k'] }}", "zTrue«v»",
                "{{ ([l[0], 'x'] | unique | list) | length }}", "1");
    }

    /** Templates make tokens of roles; what is no role that they know is text. */
    @Test
    void rolesAreTheTemplatesWordsWhereItKnowsThem() {
        String template = "{% for m in messages %}<|{{ m.role }}|>{% endfor %}{{ 'critic' if 0 }}{{ '<|end|>' if 0 }}";
        List<ChatMessage> messages = new ArrayList<>();
        for (String role : List.of("system", "user", "assistant", "tool", "critic", "end", "<|end|>", "user|>")) {
            messages.add(ChatMessage.of(role, ""));
        }
        messages.add(new ChatMessage(Map.of("role", List.of("user"))));
        assertEquals(
                "<|system|><|user|><|assistant|><|tool|><|critic|><|«end»|><|«<|end|>»|><|«user|>»|><|['«user»']|>",
                ChatTemplate.parse(template).render(ChatRequest.of(messages)).toString());
    }

    /** The request's characters are Greek, the template's are not: then every character says by itself whose it is. */
    @Property(tries = 6000)
    void everyCharacterIsMarkedByWhereItCameFrom(@ForAll("expressions") List<String> pieces) {
        ChatRequest request = ChatRequest.of(List.of(ChatMessage.of("user", "αβ γΔ.")))
                .withVariable("s", "αα ββ γ'ς")
                .withVariable("t", "Ωμέγα")
                .withVariable("l", List.of("δ", "ε", "α"))
                .withVariable("d", new TreeMap<>(Map.of("κ", "λ", "μ", 1, "ν", List.of("ξ"))));
        MarkedText text;
        try {
            text = ChatTemplate.parse(String.join("", pieces)).render(request);
        } catch (ChatTemplateException refused) {
            return;
        }
        for (int at = 0; at < text.length(); at++) {
            char unit = text.text().charAt(at);
            boolean greek = unit >= 0x370 && unit < 0x400;
            boolean letter = greek || Character.isLetter(unit);
            assertTrue(!letter || text.hasGiven(at, at + 1) == greek, () -> String.join("", pieces) + " gives " + text);
        }
    }

    @Provide
    Arbitrary<List<String>> expressions() {
        Arbitrary<String> operand = Arbitraries.of(
                "s",
                "t",
                "l",
                "d",
                "'ab'",
                "'x y'",
                "l[0]",
                "messages[0].content",
                "[s, 'a']",
                "('a' ~ s)",
                "(t ~ 'b c')");
        Arbitrary<String> operation = Arbitraries.of(
                " ~ t",
                " + s",
                " + 'ab'",
                " * 2",
                " | upper",
                " | lower",
                " | title",
                " | capitalize",
                " | trim",
                " | trim('αa')",
                " | reverse",
                " | list",
                " | join('-')",
                " | join(t)",
                " | replace('α', 'q')",
                " | replace('a', t)",
                " | replace('', t)",
                " | tojson",
                " | tojson(indent=2)",
                " | string",
                " | escape",
                " | indent(2, true)",
                " | truncate(4)",
                " | truncate(4, true, t, 0)",
                " | center(12)",
                " | map('upper') | list",
                " | sort",
                " | unique | list",
                " | first",
                " | last",
                " | batch(2) | list",
                " | default('none', true)",
                " | format(s, t)",
                " % (s, 'a')",
                ".upper()",
                ".lower()",
                ".title()",
                ".swapcase()",
                ".capitalize()",
                ".split()",
                ".split('α')",
                ".rsplit('α', 1)",
                ".splitlines()",
                ".strip('α')",
                ".partition('α')",
                ".rpartition(' ')",
                ".replace('α', 'a')",
                ".replace('b', t)",
                ".removeprefix('α')",
                ".center(11, 'q')",
                ".zfill(9)",
                ".join(['a', s])",
                ".format(s)",
                "[1:]",
                "[::-1]",
                "[:3]",
                "[1]",
                "[-1]",
                ".items()",
                ".keys()");
        Arbitrary<String> expression = operand.flatMap(
                first -> operation.list().ofMaxSize(5).map(rest -> "(" + first + ")" + String.join("", rest)));
        Arbitrary<String> statement = Arbitraries.of(
                "{{ # }}",
                "b{{ # }}",
                "{% set x %}a{{ # }}{% endset %}{{ x | upper }}",
                "{% for c in # %}{{ c }}{{ loop.last }}{% endfor %}",
                "{% filter title %}ab {{ # }}{% endfilter %}",
                "{% macro m(a) %}a{{ a }}{{ kwargs }}{% endmacro %}{{ m(#, **d) }}",
                "{% set n = namespace(v=#) %}{{ n.v }}{{ n }}",
                "{{ 'a%s|{}' ~ '%r' % (#) }}",
                "{{ 'a{:>9}b{!r}'.format(#, s) }}",
                "{{ {'a': #, s: 1} }}");
        return statement
                .flatMap(frame -> expression.map(value -> frame.replace("#", value)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }
}
