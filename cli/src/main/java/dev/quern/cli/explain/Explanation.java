package dev.quern.cli.explain;

import dev.quern.cli.terminal.Visible;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is said of one thing.
 *
 * @param subject the thing, {@code %h in @step}
 * @param facts in order
 */
public record Explanation(String subject, List<Fact> facts) {
    public Explanation {
        facts = List.copyOf(facts);
    }

    /**
     * One thing that is said.
     *
     * @param about what of: the name of a pass, {@code kernel}, {@code memory}
     * @param text one line
     */
    public record Fact(String about, String text) {}

    /** For people; every line ends in a line feed. */
    public String text() {
        int width = facts.stream().mapToInt(fact -> fact.about().length()).max().orElse(0);
        StringBuilder text = new StringBuilder(Visible.line(subject)).append('\n');
        String last = "";
        for (Fact fact : facts) {
            String about = fact.about().equals(last) ? "" : fact.about();
            last = fact.about();
            text.append("  ")
                    .append(about)
                    .append(" ".repeat(width - about.length() + 2))
                    .append(Visible.line(fact.text()))
                    .append('\n');
        }
        return text.toString();
    }

    /** For programs. */
    public Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("subject", subject);
        List<Object> list = new ArrayList<>();
        for (Fact fact : facts) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("about", fact.about());
            one.put("text", fact.text());
            list.add(one);
        }
        fields.put("facts", list);
        return fields;
    }
}
