package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.TypeRule;
import dev.quern.ir.verify.Verifier;
import dev.quern.plan.verify.PlanRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every rule of the verifiers has a golden that breaks it. */
class RulesTest {
    /** What text cannot break, since its reader refuses or mends it; {@code VerifierTest} breaks these. */
    private static final List<Enum<?>> OUT_OF_REACH = List.of(
            Verifier.Rule.SYMBOL_DECLARED,
            Verifier.Rule.DEFINES_LOCALS,
            Verifier.Rule.ONE_TYPE,
            Verifier.Rule.WEIGHT_DECLARED,
            TypeRule.POINTWISE_CONSTANT);

    @Test
    void everyRuleIsBrokenByAGolden() {
        List<Enum<?>> broken = new ArrayList<>();
        for (String path : Goldens.all()) {
            if (path.startsWith("verify/")) {
                VerifyGolden.problems(path).forEach(problem -> broken.addAll(problem.rules()));
            }
        }
        List<Enum<?>> rules = new ArrayList<>();
        rules.addAll(List.of(Verifier.Rule.values()));
        rules.addAll(List.of(TypeRule.values()));
        rules.addAll(List.of(PlanRule.values()));
        rules.removeAll(broken);
        assertEquals(OUT_OF_REACH, rules, "rules without a golden under verify/");
    }
}
