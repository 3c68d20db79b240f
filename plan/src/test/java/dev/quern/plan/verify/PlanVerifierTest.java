package dev.quern.plan.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.PlanJson;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanVerifierTest {
    @Test
    void theSmallPlanIsValid() {
        assertEquals(List.of(), PlanVerifier.problems(SmallPlan.plan()));
    }

    /** Each line breaks one rule in the plan's text, and says what must be heard of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"kernel\": \"project\"|\"kernel\": \"projekt\"|runs kernel projekt, which is not in the plan",
                "[\"head\", 0, 4096], |``|binds 2 resources, but kernel project has 3 bindings",
                "[\"head\", 0, 4096]|[\"tail\", 0, 4096]|binds tail, which is not in the plan",
                "[\"arena\", 1024, 1024]|[\"arena\", 1000, 1024]|has offset 1000, which is not a multiple of 256",
                "[\"arena\", 1024, 1024]|[\"arena\", 1280, 1024]|has offset 1280 and 1024 bytes, but the buffer has 2048",
                "[\"arena\", 1024, 1024]|[\"arena\", 768, 1024]|binds overlapping parts of arena for writing",
                "[\"head\", 0, 4096]|[\"head\", 0, 2048]|a weight is bound as a whole, 4096 bytes from 0",
                "[\"head\", 0, 4096]|[\"table\", 0, 163840]|the kernel's access is read, but a weight in a texture allows texture",
                "[\"keys\", 0, 6144]|[\"position\", 0, 4]|binds position for read_write and for read at once",
                "\"max_storage_buffer_binding_size\": 134217728|\"max_storage_buffer_binding_size\": 2048|more than maxStorageBufferBindingSize 2048",
                "\"max_buffer_size\": 268435456|\"max_buffer_size\": 4096|buffer keys has 6144 bytes, more than maxBufferSize 4096",
                "\"max_compute_workgroups_per_dimension\": 65535|\"max_compute_workgroups_per_dimension\": 3|not between 1 and maxComputeWorkgroupsPerDimension 3",
                "\"grid\": [4, 1, 1]|\"grid\": [0, 1, 1]|a grid of 0 / 1 workgroups is not between 1",
                "\"grid\": [4, 1, 1]|\"grid\": [{\"symbol\": \"tokens\", \"factor\": 1, \"divisor\": 1}, 1, 1]|the grid depends on tokens, which is not known when it runs",
                "\"role\": \"ring\"|\"role\": \"state\"|expected one buffer with the role ring, found 0",
                "\"role\": \"tokens\", \"bytes\": 16|\"role\": \"tokens\", \"bytes\": 12|buffer tokens has 12 bytes, but needs 16",
                "\"name\": \"head\"|\"name\": \"keys\"|the name keys is given to two buffers or weights",
                "[0, 163840, 4096]|[0, 163841, 4096]|segment 0 has offset 163841 and 4096 bytes; the offset must be a multiple of 256",
                "[[0, 0, 163840]]|[[0, 0, 100000], [0, 102400, 63840]]|segment 0 has 100000 bytes, which is not a whole number of texture rows",
                "[[0, 163840, 4096]]|[[0, 163840, 4080]]|weight head has 4096 bytes, but its segments have 4080",
                "\"features\": []|\"features\": [\"subgroups\"]|kernel embed uses subgroups, but the profile relies on none",
                "\"value\": \"mixed\", \"offset\": 1024|\"value\": \"mixed\", \"offset\": 512|value mixed overlaps row while both are live",
                "\"value\": \"mixed\", \"offset\": 1024|\"value\": \"mixed\", \"offset\": 1536|outside of the arenas' 2048",
                "\"lower_bound_bytes\": 2048|\"lower_bound_bytes\": 2000|at most 2000 bytes are live at one time, but its regions say 2048",
                "\"first_step\": 1, \"last_step\": 1|\"first_step\": 1, \"last_step\": 2|is live from step 1 to 2, which the entry point does not have",
            })
    void aBrokenRuleIsNamed(String found, String replacement, String problem) {
        String text = PlanJson.write(SmallPlan.plan(), Manifest::kernelFile)
                .replaceAll("\\n *", " ")
                .replace("[ ", "[")
                .replace(" ]", "]");
        assertTrue(text.contains(found), () -> found + " is not in " + text);
        Plan broken = PlanJson.read("plan.json", text.replace(found, replacement), file -> "");
        var problems = PlanVerifier.problems(broken);
        assertTrue(problems.stream().anyMatch(each -> each.contains(problem)), problems::toString);
    }
}
