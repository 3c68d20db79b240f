package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.endtoend.NamedModels;
import dev.quern.gguf.ByteSource;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.plan.Plan;
import dev.quern.plan.text.PlanReader;
import dev.quern.plan.text.PlanWriter;
import dev.quern.plan.text.TextPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Real models as text at each of the three stages: what is written reads back equal, is valid, and damage is refused
 * with its place.
 */
class EveryStageTest {
    private static final String MARKS = "%@?:,={}[]<>-\"\\09 \n.*/";
    private static final Map<String, CompiledModel> MODELS = models();
    private static final List<String> TEXTS = texts();

    private static Map<String, CompiledModel> models() {
        Map<String, CompiledModel> models = new LinkedHashMap<>();
        NamedModels.all().forEach((name, file) -> {
            for (DeviceProfile profile : DeviceProfile.ALL) {
                CompileOptions options = CompileOptions.of(profile).withContext(32);
                models.put(name + " " + profile.name(), ModelCompiler.compile(ByteSource.of(file), options));
            }
        });
        return models;
    }

    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        MODELS.forEach((name, model) -> {
            texts.add(Writer.write(model.imported()));
            texts.add(Writer.write(model.selection().module()));
            texts.add(PlanWriter.write(name, model.plan()));
        });
        return texts;
    }

    @Test
    void modulesReadBackEqual() {
        MODELS.forEach((name, model) -> {
            for (Module module : List.of(model.imported(), model.selection().module())) {
                String text = Writer.write(module);
                assertEquals(module.stage(), Reader.stage(name, text));
                assertEquals(module, Reader.readVerified(name, text));
            }
        });
    }

    @Test
    void plansReadBackEqual() {
        MODELS.forEach((name, model) -> {
            Plan plan = model.plan();
            Map<String, String> sources = new LinkedHashMap<>();
            for (Kernel kernel : plan.kernels()) {
                sources.put(PlanWriter.sourceFile(kernel.name()), kernel.source());
            }
            String text = PlanWriter.write(name, plan);
            assertEquals(Stage.PLAN, Reader.stage(name, text));
            TextPlan read = PlanReader.readVerified(name, text, file -> Optional.ofNullable(sources.get(file)));
            assertEquals(plan, read.plan());
            assertEquals(List.of(), read.missingSources());
            TextPlan alone = PlanReader.readVerified(name, text, file -> Optional.empty());
            assertEquals(List.copyOf(sources.keySet()), alone.missingSources());
            assertEquals(text, alone.write());
        });
    }

    @Property(tries = 200)
    void oneWrongCharacterIsReadOrRefusedWithItsPlace(@ForAll @IntRange(max = 1_000_000) int which, @ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(TEXTS.get(which % TEXTS.size()));
        int at = random.nextInt(text.length());
        char mark = MARKS.charAt(random.nextInt(MARKS.length()));
        switch (random.nextInt(3)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.insert(at, mark);
            default -> text.setCharAt(at, mark);
        }
        try {
            switch (Reader.stage("m.qir", text.toString())) {
                case TENSOR, DISPATCH -> Reader.readVerified("m.qir", text.toString());
                case PLAN -> PlanReader.readVerified("m.qir", text.toString(), file -> Optional.empty());
            }
        } catch (ReadException refused) {
            String place = "m.qir:" + refused.line() + ":" + refused.column() + ": ";
            assertEquals(place, String.valueOf(refused.getMessage()).substring(0, place.length()));
        }
    }
}
