package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.explain.Explanation;
import dev.quern.cli.explain.History;
import dev.quern.cli.explain.Overview;
import dev.quern.cli.explain.Subjects;
import dev.quern.codegen.Selection;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelCompiler;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.ir.Function;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipelines;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.json.JsonText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What is explained is what the compiler put down, for every step, and is found by name. */
final class ExplainTest {
    static final List<DeviceProfile> PROFILES = DeviceProfile.ALL;

    private static final History MERGED = history(Recipe.uniform(GgufTensorType.Q4_1), DeviceProfile.PORTABLE);

    private static History history(Recipe recipe, DeviceProfile profile) {
        CompileOptions options = CompileOptions.of(profile).withContext(64);
        ByteSource model = ByteSource.of(RandomModels.write(ModelCases.SHAPES.getFirst(), recipe));
        return History.of(ModelCompiler.compile(model, options), options.pipeline());
    }

    @ParameterizedTest
    @FieldSource("PROFILES")
    void everyDispatchHasReasonsAndEveryWeightToo(DeviceProfile profile) {
        History history = history(Recipe.APART.getFirst(), profile);
        Selection selection = history.model().selection();
        int dispatches = selection.module().functions().stream()
                .map(Function::body)
                .mapToInt(List::size)
                .sum();
        assertEquals(dispatches, selection.choices().size());
        for (Selection.Choice choice : selection.choices()) {
            assertFalse(choice.reasons().isEmpty(), choice.toString());
            choice.reasons().forEach(reason -> assertTrue(reason.endsWith("."), reason));
        }
        selection
                .module()
                .weights()
                .forEach(weight -> assertTrue(
                        selection.storageReasons().containsKey(weight.name()), () -> "no reason for " + weight));
    }

    @Test
    void theOverviewFoldsLayersAndNamesEveryPass() {
        String text = new Overview(MERGED).text();
        for (History.Stage stage : MERGED.stages()) {
            assertTrue(text.contains(" " + stage.pass()), stage.pass());
        }
        assertTrue(text.contains("%layer*.attended"), text);
        assertFalse(text.contains("%layer0.attended "), "layers that are alike share a line");
        assertTrue(text.contains("@step: 1"), text);
        assertTrue(text.contains("linear (norm, silu(#0) * #1)"), text);
        assertTrue(text.contains("It is computed where the product with @blk.*.ffn_down is finished. (2 times)"), text);
        assertTrue(text.contains("states for each position"), text);
        assertEquals(text, new Overview(history(Recipe.uniform(GgufTensorType.Q4_1), DeviceProfile.PORTABLE)).text());
    }

    @Test
    void theSumsAreThoseOfThePlan() {
        String json = JsonText.print(new Overview(MERGED).json());
        // Keys and values of two layers, four heads of sixteen, two bytes each.
        assertTrue(json.contains("\"states for each position\": " + 2 * 2 * 4 * 16 * 2), json);
        assertTrue(
                json.contains("\"arena's lower bound\": "
                        + MERGED.model().plan().memory().lowerBoundBytes()),
                json);
    }

    @Test
    void aFusedValueTellsItsWholeStory() {
        String text = only("%layer0.attended", 2).getLast().text();
        assertInOrder(
                text,
                "%layer0.attended in @step",
                "imported",
                "= map (%embedding + %layer0.attention_output)",
                "fuse-finish",
                "done: It is computed where the product with @blk.0.attn_output is finished.",
                "= linear %layer0.attention, @blk.0.attn_output {finish = (%embedding + #0)}",
                "dispatch",
                "finish = (%embedding + #0)} by matmul.group {lanes = 64, tiles = 4, tokens = 1} binds @blk.0.attn_output,",
                "kernel",
                "matmul_group_q4_1_64x64_add_",
                "The profile portable lets the 64 lanes",
                "Finishes each element as (%embedding + #0)",
                "Writes over %embedding",
                "memory",
                "arena",
                "used by",
                "%layer0.swiglu");
    }

    @Test
    void aValueThatAPassRemovedSaysSo() {
        String text = only("%layer0.gate", 2).getFirst().text();
        assertInOrder(
                text,
                "= matmul %layer0.feed_forward_norm, @blk.0.ffn_gate",
                "merge-projections",
                "It computes %layer0.gate, %layer0.up at once, with @blk.0.ffn_gate_up.",
                "= columns %layer0.gate_up",
                "fuse-finish",
                "(no statement defines it from here on)");
    }

    @Test
    void aWeightIsFollowedFromTheFileToTheBundle() {
        String gone = only("blk.1.ffn_up.weight", 1).getFirst().text();
        assertInOrder(
                gone,
                "@blk.1.ffn_up",
                "They became the rows of @blk.1.ffn_gate_up.",
                "gone from here on",
                "lives on in");
        String text = only("@blk.1.ffn_gate_up", 1).getFirst().text();
        assertInOrder(
                text,
                "merge-projections",
                "model file",
                "blk.1.ffn_gate.weight: ",
                "blk.1.ffn_up.weight: ",
                "layout",
                "Eight rows side by side",
                "its parts are tiled apart",
                "device",
                "bundle",
                "weights file 0, bytes ",
                "used by",
                "@step, %layer1.swiglu");
    }

    @Test
    void aKernelTellsWhoRunsItAndWhy() {
        String name = MERGED.model().selection().choices().getFirst().kernel();
        String text = only(name, 1).getFirst().text();
        assertInOrder(text, "kernel @" + name, "linked of", "embed.wgsl", "fixed to", "binds", "computes", "why");
    }

    @ParameterizedTest
    @CsvSource({
        "layer?.keys, 4",
        "blk.0.*, 11",
        "@blk.0.ffn_*, 5",
        "%tokens, 2",
        "%layer0.keys_after, 2",
        "@rope_table, 1"
    })
    void patternsAndPrefixesFindAll(String name, int count) {
        only(name, count);
    }

    @Test
    void anUnknownNameIsAnsweredWithSimilarOnes() {
        var problem = assertThrows(IllegalArgumentException.class, () -> new Subjects(MERGED).named("blk.1.ffn_dwon"));
        assertTrue(
                String.valueOf(problem.getMessage())
                        .startsWith("Nothing in this model is named blk.1.ffn_dwon. Similar names: blk.1.ffn_down"),
                problem.getMessage());
    }

    @Test
    void whatCouldNotBeMergedSaysWhy() {
        History history = history(Recipe.APART.getFirst(), DeviceProfile.PORTABLE);
        List<PassReport.Note> left = history.stages().stream()
                .flatMap(stage -> stage.notes().stream())
                .filter(note -> !note.done())
                .toList();
        assertTrue(
                left.stream().anyMatch(note -> note.sentence().startsWith("Their encodings differ: ")),
                left.toString());
    }

    private static List<Explanation> only(String name, int count) {
        List<Explanation> found = new Subjects(MERGED).named(name);
        assertEquals(
                count,
                found.size(),
                () -> found.stream().map(Explanation::subject).toList().toString());
        return found;
    }

    /** A slice is told of like any other value, and what was split says so. */
    @Test
    void whatIsSplitSaysSo() {
        DeviceProfile small = DeviceProfile.PORTABLE.atMost(DeviceProfile.Limits.ofBinding(40 << 10));
        byte[] model = RandomModels.write(ModelCases.SHAPES.get(3), Recipe.uniform(GgufTensorType.Q8_0));
        CompileOptions options = new CompileOptions(small, 64, 8, Pipelines.standard());
        History split = History.of(ModelCompiler.compile(ByteSource.of(model), options), options.pipeline());
        assertInOrder(
                new Subjects(split).named("%logits.0").getFirst().text(),
                "%logits.0 in @step",
                "split-weights",
                "start = 0, whole = 300}",
                "dispatch",
                "Computes the columns 0 to 127 of 300: @output.0 is a part of a weight",
                "memory",
                "logits, bytes 0 to 1199",
                "used by",
                "%logits.1");
        assertInOrder(
                new Subjects(split).named("@output").getFirst().text(),
                "imported",
                "split-weights",
                "done: @output: It is larger than what a device must be able to bind at a time.",
                "(it is gone from here on)");
        assertTrue(new Overview(split).text().contains("linear (norm, slice)"));
    }

    private static void assertInOrder(String text, String... parts) {
        int at = 0;
        for (String part : parts) {
            int next = text.indexOf(part, at);
            assertTrue(next >= 0, () -> "'" + part + "' does not follow in:\n" + text);
            at = next;
        }
    }
}
