package dev.quern.plan.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.BundleException;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Placement;
import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlanJsonTest {
    @Property(tries = 200)
    void everyPlanIsReadBack(@ForAll long seed) {
        var plan = randomPlan(new Random(seed));
        String text = PlanJson.write(plan, Manifest::kernelFile);
        var read = PlanJson.read("plan.json", text, file -> source(plan, file));
        assertEquals(plan, read);
        assertEquals(text, PlanJson.write(read, Manifest::kernelFile));
    }

    private static String source(Plan plan, String file) {
        return plan.kernels().stream()
                .filter(kernel -> Manifest.kernelFile(kernel.name()).equals(file))
                .findFirst()
                .orElseThrow()
                .source();
    }

    /** A plan of random shape; nothing in it need fit together. */
    private static Plan randomPlan(Random random) {
        return new Plan(
                DeviceProfile.ALL.get(random.nextInt(DeviceProfile.ALL.size())),
                some(random, "symbol", (name) -> new Plan.Symbol(name, 1 + random.nextInt(1000))),
                some(
                        random,
                        "buffer",
                        (name) -> new BufferSpec(
                                name, pick(random, BufferSpec.Role.values()), size(random), rows(random))),
                some(
                        random,
                        "weight",
                        (name) -> new WeightSpec(
                                name,
                                pick(random, Placement.values()),
                                "layout \"" + random.nextInt() + "\" \u00e4\n",
                                size(random),
                                some(
                                        random,
                                        "",
                                        (part) -> new WeightSpec.Segment(
                                                random.nextInt(1000), size(random), size(random))))),
                some(
                        random,
                        "kernel",
                        (name) -> new Kernel(
                                name,
                                "main",
                                some(random, "", (part) -> pick(random, Kernel.Access.values())),
                                some(random, "", (part) -> pick(random, Kernel.Feature.values())),
                                "source of " + name)),
                some(
                        random,
                        "entry",
                        (name) -> new EntryPoint(name, some(random, "step", label -> step(random, label)))),
                new MemoryCertificate(
                        size(random),
                        size(random),
                        some(
                                random,
                                "value",
                                (name) -> new MemoryCertificate.Region(
                                        "step",
                                        name,
                                        size(random),
                                        size(random),
                                        random.nextInt(99),
                                        random.nextInt(99)))));
    }

    private static Optional<BufferSpec.Rows> rows(Random random) {
        return random.nextBoolean()
                ? Optional.of(new BufferSpec.Rows(pick(random, CacheEncoding.values()), size(random)))
                : Optional.empty();
    }

    private static EntryPoint.Step step(Random random, String label) {
        var grid = new ArrayList<EntryPoint.Extent>();
        for (int i = 0; i < 3; i++) {
            grid.add(
                    random.nextBoolean()
                            ? EntryPoint.Extent.fixed(random.nextInt(100))
                            : new EntryPoint.Extent("tokens", random.nextInt(100), 1 + random.nextInt(9)));
        }
        return new EntryPoint.Step(
                label,
                "kernel0",
                some(random, "r", name -> new EntryPoint.Bound(name, size(random), size(random))),
                grid);
    }

    private static <T> List<T> some(Random random, String prefix, Function<String, T> make) {
        var items = new ArrayList<T>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            items.add(make.apply(prefix + i));
        }
        return items;
    }

    private static <T> T pick(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static long size(Random random) {
        return random.nextLong() >>> (1 + random.nextInt(62));
    }

    @Test
    void anotherVersionIsRefusedWithBothNumbers() {
        String text = PlanJson.write(SmallPlan.plan(), Manifest::kernelFile)
                .replace("\"format_version\": 2", "\"format_version\": 7");
        var problem = assertThrows(BundleException.class, () -> PlanJson.read("plan.json", text, file -> ""));
        assertEquals(
                "plan.json: the bundle has format version 7, but this program reads format version 2;"
                        + " use a newer program, or compile the model again with this one",
                problem.getMessage());
    }

    @Test
    void wrongShapesAreRefusedWithTheirPath() {
        refused(
                "\"role\": \"arena\"",
                "\"role\": \"attic\"",
                "plan.json: buffers[0].role: expected one of arena, state, tokens, "
                        + "position, logits, ring, found \"attic\"");
        refused(
                "[\"tokens\", 0, 16]",
                "[\"tokens\", 0]",
                "plan.json: entry_points[0].steps[0].bindings[0]: expected 3 items, found 2");
        refused(
                "\"arena_bytes\": 2048",
                "\"arena_bytes\": -1",
                "plan.json: memory.arena_bytes: expected a whole number from 0 to 9223372036854775807, found -1");
        refused("\"arena_bytes\": 2048, ", "", "plan.json: memory: the field \"arena_bytes\" is missing");
        refused(
                "kernels/embed.wgsl",
                "../embed.wgsl",
                "plan.json: kernels[0].file: expected a relative file name of letters, "
                        + "digits, '.', '_' and '-', found \"../embed.wgsl\"");
    }

    private static void refused(String found, String replacement, String message) {
        String good = PlanJson.write(SmallPlan.plan(), Manifest::kernelFile);
        // Where the printer breaks lines is not this test's matter.
        String text = good.replaceAll("\\n *", " ").replace("{ ", "{").replace(found, replacement);
        var problem = assertThrows(BundleException.class, () -> PlanJson.read("plan.json", text, file -> ""));
        assertEquals(message, problem.getMessage());
    }
}
