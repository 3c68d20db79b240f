package dev.quern.plan.verify;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.PlanJson;
import java.util.List;
import java.util.Set;

/**
 * The small plan's text with some parts replaced.
 *
 * @param rules those that it then breaks
 * @param replacements each text of even index is replaced by the next wherever it stands
 */
record RuleCase(Set<PlanRule> rules, List<String> replacements) {
    /** The weight of the head, which cases of several subjects replace. */
    static final String HEAD = "\"bytes\": 4096, \"segments\": [[0, 163840, 4096]]";

    static RuleCase breaks(PlanRule rule, String... replacements) {
        return breaks(Set.of(rule), replacements);
    }

    static RuleCase breaks(Set<PlanRule> rules, String... replacements) {
        return new RuleCase(rules, List.of(replacements));
    }

    static RuleCase keeps(String... replacements) {
        return breaks(Set.of(), replacements);
    }

    Plan plan() {
        String text = PlanJson.write(SmallPlan.plan(), Manifest::kernelFile)
                .replaceAll("\\n *", " ")
                .replace("[ ", "[")
                .replace(" ]", "]");
        for (int at = 0; at < replacements.size(); at += 2) {
            String found = replacements.get(at);
            String before = text;
            assertTrue(before.contains(found), () -> found + " is not in " + before);
            text = text.replace(found, replacements.get(at + 1));
        }
        return PlanJson.read("plan.json", text, file -> "");
    }
}
