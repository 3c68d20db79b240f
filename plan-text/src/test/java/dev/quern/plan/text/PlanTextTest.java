package dev.quern.plan.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Stage;
import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.verify.PlanVerifier;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** {@code read(write(p)) = p} and {@code write(read(t)) = t}, of plans that make sense and of plans that make none. */
class PlanTextTest {
    private static final String SYMBOLS = "%@?:,={}[]<>-\"\\09 \n.*/";

    @Test
    void theSmallPlanReadsBackEqual() {
        Plan plan = SmallPlan.plan();
        String text = PlanWriter.write("small", plan);
        TextPlan read = PlanReader.read(
                "small.qir", text, file -> Optional.of("// " + file.substring(0, file.indexOf('.')) + "\n"));
        assertEquals(plan, read.plan(), text);
        assertEquals("small", read.model());
        assertEquals(List.of(), read.missingSources());
        assertEquals(text, read.write());
        assertEquals(Stage.PLAN, Reader.stage("small.qir", text));
    }

    @Test
    void withoutSourcesItPrintsTheSameAndIsValid() {
        String text = PlanWriter.write("small", SmallPlan.plan());
        TextPlan read = PlanReader.read("small.qir", text, file -> Optional.empty());
        assertEquals(List.of("embed.wgsl", "attend.wgsl", "project.wgsl", "pick.wgsl"), read.missingSources());
        assertEquals(text, read.write());
        assertEquals(List.of(), PlanVerifier.problems(read.plan()));
    }

    @Property(tries = 500)
    void whatIsWrittenReadsBackEqual(@ForAll long seed) {
        Plan plan = NonsensePlan.plan(seed);
        String text = PlanWriter.write("a \"model\"\n", plan);
        TextPlan read = PlanReader.read(
                "random.qir", text, file -> Optional.of("// " + file.substring(0, file.length() - ".wgsl".length())));
        assertEquals(plan, read.plan(), text);
        assertEquals(text, read.write());
    }

    @Property(tries = 1000)
    void damagedTextIsReadOrRefusedWithItsPlace(@ForAll long seed) {
        Random random = new Random(seed);
        Plan plan = random.nextBoolean() ? SmallPlan.plan() : NonsensePlan.plan(random.nextLong());
        StringBuilder text = new StringBuilder(PlanWriter.write("damaged", plan));
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.insert(at, SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
            case 2 -> text.setCharAt(at, SYMBOLS.charAt(random.nextInt(SYMBOLS.length())));
            default -> text.setLength(at + 1);
        }
        try {
            TextPlan read = PlanReader.read("damaged.qir", text.toString(), file -> Optional.empty());
            PlanVerifier.problems(read.plan());
            String written = read.write();
            assertEquals(
                    written,
                    PlanReader.read("again.qir", written, file -> Optional.empty())
                            .write());
        } catch (ReadException refused) {
            String message = String.valueOf(refused.getMessage());
            assertTrue(message.startsWith("damaged.qir:" + refused.line() + ":" + refused.column() + ": "), message);
            assertTrue(message.endsWith("^"), message);
        }
    }
}
