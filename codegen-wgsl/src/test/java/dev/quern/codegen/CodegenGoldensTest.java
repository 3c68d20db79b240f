package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.kernel.KernelPrinter;
import dev.quern.codegen.lowering.PickLowering;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.BufferSpec.Role;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Plan;
import dev.quern.plan.verify.PlanVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The golden files of kernels and of lowered models, read by the module that they are about; golden-tests accepts
 * changes. The models are also written as plans, whose every rule must hold.
 */
class CodegenGoldensTest {
    private static final Path ROOT = Path.of("..", "golden-tests", "src", "test", "golden");
    private static final List<String> MODELS = List.of("tiny-llama", "tiny-llama-mixed");

    @TestFactory
    Stream<DynamicTest> kernels() {
        return KernelInstances.all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(),
                        () -> assertEquals(
                                read(entry.getKey()),
                                KernelPrinter.print(entry.getValue()).source())));
    }

    @TestFactory
    Stream<DynamicTest> models() {
        return MODELS.stream()
                .flatMap(model -> DeviceProfile.ALL.stream()
                        .map(profile -> DynamicTest.dynamicTest(model + ", " + profile.name(), () -> {
                            Selection selection = select(model, profile);
                            String lowered = Writer.write(selection.module());
                            assertEquals(read(dispatch(model, profile)), lowered);
                            Module again = Reader.readVerified("dispatch.qir", lowered);
                            assertEquals(selection, SelectKernels.select(again, profile));
                            assertEquals(Optional.of(profile.name()), again.profile());
                        })));
    }

    private static String dispatch(String model, DeviceProfile profile) {
        return "models/" + model + "/" + profile.name() + "/dispatch.qir";
    }

    private static String symbol(String text) {
        return text.lines()
                .filter(line -> line.startsWith("symbol "))
                .findFirst()
                .orElseThrow();
    }

    /** The graph behind the last pass that changed it. */
    private static String lastPass(String model) {
        try (Stream<Path> files = Files.list(ROOT.resolve("models").resolve(model))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".qir"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Selection select(String model, DeviceProfile profile) {
        String file = "models/" + model + "/" + lastPass(model);
        // Profiles differ in how many tokens of a prompt are read at once; all else of the graph is the same for them.
        String bound = symbol(read(dispatch(model, profile)));
        String text = read(file);
        return SelectKernels.select(Reader.readVerified(file, text.replace(symbol(text), bound)), profile);
    }

    /** Plans of models, each value of a function with memory of its own. */
    @TestFactory
    Stream<DynamicTest> plans() {
        return MODELS.stream()
                .flatMap(model -> DeviceProfile.ALL.stream()
                        .map(profile -> DynamicTest.dynamicTest(
                                model + ", " + profile.name(),
                                () -> aPlanKeepsItsRules(select(model, profile), profile))));
    }

    private static void aPlanKeepsItsRules(Selection selection, DeviceProfile profile) {
        Plan plan = EmitPlan.emit(selection, profile, apart(selection.module()));
        assertEquals(List.of(), PlanVerifier.problems(plan));
        assertEquals(profile, plan.profile());
        List<Function> functions = selection.module().functions();
        assertEquals(
                functions.stream().map(Function::name).toList(),
                plan.entryPoints().stream().map(EntryPoint::name).toList());
        for (int index = 0; index < functions.size(); index++) {
            List<Statement> body = functions.get(index).body();
            List<EntryPoint.Step> steps = plan.entryPoints().get(index).steps();
            assertEquals(
                    body.stream().map(s -> s.results().getFirst().name()).toList(),
                    steps.stream().map(EntryPoint.Step::label).toList());
            for (EntryPoint.Step step : steps) {
                assertEquals(
                        plan.kernel(step.kernel()).bindings().size(),
                        step.bindings().size());
            }
        }
        // The host finds what it needs by role, once each, and every state under its own name.
        for (Role role : List.of(Role.TOKENS, Role.POSITION, Role.LOGITS, Role.RING)) {
            assertEquals(
                    1, plan.buffers().stream().filter(b -> b.role() == role).count(), role.text());
        }
        List<String> states = functions.stream()
                .flatMap(function -> function.parameters().stream())
                .filter(parameter -> parameter.type() instanceof StateType)
                .map(Value::name)
                .distinct()
                .sorted()
                .toList();
        assertFalse(states.isEmpty());
        assertEquals(
                states,
                plan.buffers().stream()
                        .filter(b -> b.role() == Role.STATE)
                        .map(b -> b.name())
                        .sorted()
                        .toList());
        long tokens = plan.symbols().getFirst().max();
        assertEquals(4 * tokens, plan.buffer("tokens").bytes());
        assertEquals(4L * PickLowering.RING_SLOTS, plan.buffer("ring").bytes());
        // A weight is loaded before the ones that are used later, but for tables, which come last, whatever the
        // context.
        List<String> firstUses = plan.entryPoints().stream()
                .flatMap(entry -> entry.steps().stream())
                .flatMap(step -> step.bindings().stream())
                .map(EntryPoint.Bound::resource)
                .filter(name -> plan.weights().stream().anyMatch(w -> w.name().equals(name)))
                .distinct()
                .sorted(Comparator.comparing(name ->
                        selection.module().weight(name).orElseThrow().source() instanceof Weight.Source.Rotations))
                .toList();
        assertEquals(firstUses, plan.weights().stream().map(w -> w.name()).toList());
        plan.weights()
                .forEach(weight -> assertEquals(
                        selection.geometries().containsKey(weight.name()),
                        weight.layout().equals("row_tiles_8"),
                        weight.name()));
    }

    /** Each value that lies in an arena at the next multiple of 256; written in place, it lies where it was. */
    private static ArenaLayout apart(Module module) {
        Map<String, Map<String, Long>> offsets = new LinkedHashMap<>();
        List<MemoryCertificate.Region> regions = new ArrayList<>();
        long next = 0;
        for (Function function : module.functions()) {
            Map<String, Long> places = new LinkedHashMap<>();
            Set<Value> external = ArenaLayout.external(function);
            for (int step = 0; step < function.body().size(); step++) {
                for (Value value : function.body().get(step).results()) {
                    if (!external.contains(value)) {
                        places.put(value.name(), next);
                        regions.add(new MemoryCertificate.Region(
                                function.name(),
                                value.name(),
                                next,
                                value.tensor().maxBytes(),
                                step,
                                step));
                        next += Math.ceilDiv(value.tensor().maxBytes(), 256L) * 256;
                    }
                }
            }
            offsets.put(function.name(), places);
        }
        // Uniforms are read from an arena that nothing writes at the same time: here every value has one.
        List<Long> arenas =
                regions.stream().map(MemoryCertificate.Region::offset).toList();
        long bound = regions.stream()
                .mapToLong(MemoryCertificate.Region::bytes)
                .max()
                .orElse(0);
        assertTrue(arenas.size() > 1);
        return new ArenaLayout(offsets, arenas, new MemoryCertificate(next, bound, regions));
    }

    private static String read(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException("tests run in the folder of their module", e);
        }
    }
}
