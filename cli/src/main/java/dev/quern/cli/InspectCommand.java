package dev.quern.cli;

import dev.quern.cli.bundle.DeviceFile;
import dev.quern.cli.bundle.Profiles;
import dev.quern.cli.inspect.ArenaDrawing;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.inspect.GgufView;
import dev.quern.cli.inspect.GraphStage;
import dev.quern.cli.inspect.MemoryVerdict;
import dev.quern.cli.inspect.MetadataView;
import dev.quern.cli.inspect.ModelViews;
import dev.quern.cli.inspect.PlanView;
import dev.quern.cli.inspect.View;
import dev.quern.cli.store.ModelStore;
import dev.quern.cli.store.RefusedFileException;
import dev.quern.compiler.ModelNames;
import dev.quern.gguf.GgufException;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.json.JsonText;
import dev.quern.runtime.ProfileMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code quern inspect}. */
@Command(
        name = "inspect",
        description =
                "Shows what a model file or a bundle holds. Without a choice below: the facts, and the metadata of a model file.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern inspect smollm2-135m --memory",
            "  quern inspect https://example.org/model.gguf --memory --device phone.json",
            "  quern inspect model.gguf --memory --svg > arena.svg",
            "  quern inspect model.gguf --ir=dispatch | less",
            "  quern inspect model.quern --kernels --json",
            "  quern inspect model.gguf --json | jq -r '.metadata.\"tokenizer.chat_template\"'",
        })
final class InspectCommand implements Callable<Integer> {
    private final Context context;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "FILE.gguf|BUNDLE|NAME|URL",
            description = "What to look into. Of a model at an address that is not here only the header is fetched.")
    private String subject = "";

    @ArgGroup(exclusive = false, heading = "%nWhat to show:%n", order = 1)
    private final Choice choice = new Choice();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = "--full", description = "With --json: arrays of more than 64 elements too are whole.")
    private boolean full;

    @Option(
            names = "--device",
            paramLabel = "FILE.json",
            description =
                    "With --memory: whether this device will do, in place of the one that is here. 'quern devices --json'"
                            + " describes one; \"memory_bytes\" may be added.")
    private @Nullable Path deviceFile;

    @Option(names = "--svg", description = "With --memory: the arena as a picture, in SVG, and nothing else.")
    private boolean svg;

    @Mixin
    private final CompileTarget target = new CompileTarget();

    /** The device that is asked for, once the command has begun. */
    private Optional<DeviceFile> device = Optional.empty();

    private static final class Choice {
        /** Whether anything beside the memory is to be shown. */
        private boolean isMore() {
            return tensors || ir != null || plan || kernels;
        }

        @Option(names = "--tensors", description = "Every tensor: encoding, shape, place.")
        private boolean tensors;

        @Option(
                names = "--ir",
                arity = "0..1",
                fallbackValue = "TENSOR",
                paramLabel = "STAGE",
                description =
                        "The graph: imported (as in the file), tensor (after the passes) or dispatch (kernels chosen). Default: tensor.")
        private @Nullable GraphStage ir;

        @Option(names = "--plan", description = "The steps of each entry point.")
        private boolean plan;

        @Option(
                names = "--memory",
                description = "The arena: its size, the lower bound, every value's place and lifetime.")
        private boolean memory;

        @Option(names = "--kernels", description = "The kernels: bindings, features, how often each is run.")
        private boolean kernels;
    }

    InspectCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (full && !json) {
            throw wrong("--full belongs to --json: tables show no long arrays.");
        }
        if (deviceFile != null && !choice.memory) {
            throw wrong("--device belongs to --memory, which says whether that device will do.");
        }
        if (svg && (!choice.memory || json || choice.isMore())) {
            throw wrong("--svg belongs to --memory alone, whose picture it prints.");
        }
        device = deviceFile == null ? Optional.empty() : Optional.of(DeviceFile.read(deviceFile));
        Optional<ModelStore.Remote> remote = context.store().remote(subject);
        if (remote.isPresent()) {
            print(ofRemote(remote.get()));
            return 0;
        }
        Path file = context.store().resolve(subject);
        List<View> views = switch (FileKind.of(file)) {
            case GGUF -> ofModel(file);
            case BUNDLE -> ofBundle(file);
        };
        print(views);
        return 0;
    }

    private List<View> ofModel(Path file) throws IOException {
        try (ModelViews model = ModelViews.open(file)) {
            return ofModel(model, context.cache().names(file));
        } catch (GgufException e) {
            throw new RefusedFileException(file, e);
        }
    }

    /** Of a model that is not here: what it holds stands in its header, and its weights stay where they are. */
    private List<View> ofRemote(ModelStore.Remote remote) {
        try (ModelViews model = ModelViews.of(remote.source())) {
            return ofModel(model, ModelNames.ofFile(remote.name()));
        } catch (GgufException e) {
            throw new RefusedFileException(Path.of(remote.name()), e);
        }
    }

    private List<View> ofModel(ModelViews model, ModelNames names) {
        List<View> views = new ArrayList<>();
        if (isNothingChosen()) {
            views.add(GgufView.facts(model.file(), names));
            views.addAll(MetadataView.of(model.file(), full));
        }
        if (choice.tensors) {
            views.add(GgufView.tensors(model.file()));
        }
        if (choice.ir != null || choice.plan || choice.memory || choice.kernels) {
            model.compile(context.compilation(), target.options(target.profile().orElseGet(this::profile)));
            if (choice.ir != null) {
                views.add(model.graph(choice.ir));
            }
            addPlanViews(views, model.plan());
        }
        return views;
    }

    private List<View> ofBundle(Path file) {
        if (choice.tensors || choice.ir != null || target.isGiven()) {
            throw wrong(
                    "A bundle is compiled already: it holds neither tensors nor graph, and has its profile, context and"
                            + " cache. Give the model file for --tensors, --ir, --profile, --context and --cache.");
        }
        List<View> views = new ArrayList<>();
        List<PlanView> plans = PlanView.ofBundle(file, views, isNothingChosen());
        // A picture is one file: of several plans, that of the most particular device.
        for (PlanView plan : svg ? plans.subList(0, 1) : plans) {
            addPlanViews(views, plan);
        }
        return views;
    }

    /** The profile of the device that is asked for, or of the one that is here. */
    private DeviceProfile profile() {
        return device.map(DeviceFile::info)
                .map(info -> ProfileMatcher.best(info).atMost(info.limits()))
                .orElseGet(Profiles::ofThisMachine);
    }

    private void addPlanViews(List<View> views, PlanView plan) {
        if (choice.plan) {
            views.add(plan.steps());
        }
        if (choice.memory && !svg) {
            // Without a description the device that is here is asked; where there is none, nothing is said of any.
            device.or(Profiles::deviceOfThisMachine)
                    .ifPresent(asked -> views.add(new MemoryVerdict(plan.plan(), asked).view()));
            views.add(plan.memory());
        }
        if (svg) {
            views.add(new View("svg", new ArenaDrawing(plan.plan()).svg(), ""));
        }
        if (choice.kernels) {
            views.add(plan.kernels());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private boolean isNothingChosen() {
        return !choice.tensors && choice.ir == null && !choice.plan && !choice.memory && !choice.kernels;
    }

    private void print(List<View> views) {
        var out = context.terminal().out();
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            views.forEach(view -> fields.put(view.name(), view.json()));
            out.print(JsonText.print(fields));
            return;
        }
        String separator = "";
        for (View view : views.stream().filter(each -> !each.text().isEmpty()).toList()) {
            out.print(separator + view.text());
            separator = "\n";
        }
    }
}
