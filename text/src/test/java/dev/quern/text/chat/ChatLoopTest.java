package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Where a loop stands, asked in every order: an item that was looked at ahead is counted, and comes. Loops with a
 * condition and over generators do not know their length before they are asked. Expected texts are those of Jinja 3.1.
 */
class ChatLoopTest {
    private static void check(String... pairs) {
        List<String> wrong = new ArrayList<>();
        ChatRequest request =
                ChatRequest.of(List.of(ChatMessage.of("user", "Hi"))).withVariable("l", List.of(3, 1, 2));
        for (int index = 0; index < pairs.length; index += 2) {
            String text = ChatTemplate.parse(pairs[index]).render(request).text();
            if (!text.equals(pairs[index + 1])) {
                wrong.add(pairs[index] + " gives " + text + " instead of " + pairs[index + 1]);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void theNextItemBeforeTheLength() {
        check(
                "{% for x in l if x > 1 %}{{ loop.last }}{{ loop.length }}{{ x }} {% endfor %}",
                "False23 True22 ",
                "{% for x in l if x > 1 %}{{ loop.nextitem }}{{ loop.revindex }}{{ loop.revindex0 }}{{ x }} {% endfor %}",
                "2213 102 ",
                "{% for x in [1, 2, 3, 4, 5, 6] if x % 2 == 0 %}{{ loop.index }}{{ loop.index0 }}{{ loop.nextitem }}"
                        + "{{ loop.length }}{{ loop.revindex }}{{ x }} {% endfor %}",
                "104332 216324 32316 ",
                "{% for x in l | select('gt', 1) %}{{ loop.last }}{{ loop.length }}{{ loop.index }}{{ x }} {% endfor %}",
                "False213 True222 ",
                "{% for x in l if x > 1 %}{{ loop.last if x == 3 else loop.length }}{{ loop.revindex }} {% endfor %}",
                "False2 21 ");
    }

    @Test
    void theLengthBeforeTheNextItem() {
        check(
                "{% for x in l if x < 3 %}{{ loop.length }}{{ loop.nextitem }}{{ loop.last }}{{ x }} {% endfor %}",
                "22False1 2True2 ",
                "{% for x in l if x > 1 %}{{ loop.revindex }}{{ loop.last }}{{ loop.length }} {% endfor %}",
                "2False2 1True2 ");
    }

    @Test
    void neighbours() {
        check(
                "{% for x in l if x > 1 %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }}{{ loop.last }} {% endfor %}",
                "<3>2False 3<2>True ",
                "{% for x in l if x > 1 %}{{ loop.first }}{{ loop.previtem is defined }}{{ loop.nextitem is defined }} "
                        + "{% endfor %}",
                "TrueFalseTrue FalseTrueFalse ",
                "{% for x in l %}{{ loop.nextitem }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }} {% endfor %}",
                "1False3 2False33 True31 ",
                "{% for x in [1, 2] if x > 1 %}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.nextitem }}"
                        + "{{ loop.previtem }}{% endfor %}",
                "TrueTrue1");
    }

    @Test
    void changes() {
        check(
                "{% for x in [1, 1, 2, 2, 1] %}{{ loop.changed(x) }} {% endfor %}",
                "True False True False True ",
                "{% for x in [1, 1] %}{{ loop.changed(x, 'a') }}{{ loop.changed(x) }}{{ loop.changed(x) }} {% endfor %}",
                "TrueTrueFalse TrueTrueFalse ",
                "{% for x in [none, none] %}{{ loop.changed(x) }} {% endfor %}",
                "True False ",
                "{% for x in [3, 1, 3] if x > 1 %}{{ loop.changed(x) }}{{ loop.cycle('a', 'b') }} {% endfor %}",
                "Truea Falseb ");
    }

    @Test
    void nothingToGoThrough() {
        check(
                "{% for x in l if x > 5 %}{{ x }}{% else %}none{% endfor %}",
                "none",
                "{% for x in l if x > 1 %}{% if loop.last %}{{ loop.revindex0 }}{{ x }}{% endif %}{% endfor %}",
                "02");
    }
}
