package dev.quern.plan.text;

import dev.quern.ir.Stage;
import dev.quern.ir.text.Names;
import dev.quern.ir.text.Nearest;
import dev.quern.ir.text.read.At;
import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.text.read.Source;
import dev.quern.ir.text.read.Tree;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Placement;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.verify.PlanProblem;
import dev.quern.plan.verify.PlanVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what {@link PlanWriter} writes, and what people make of it. */
public final class PlanReader {
    private static final List<String> DECLARATIONS =
            List.of("symbol", "profile", "limits", "buffer", "weight", "kernel", "memory", "region", "func");

    private final Tree tree;
    private final Source source;
    private final Function<String, Optional<String>> kernelSource;
    private final List<Plan.Symbol> symbols = new ArrayList<>();
    private final List<BufferSpec> buffers = new ArrayList<>();
    private final List<WeightSpec> weights = new ArrayList<>();
    private final List<Kernel> kernels = new ArrayList<>();
    private final List<MemoryCertificate.Region> regions = new ArrayList<>();
    private final List<String> missingSources = new ArrayList<>();
    private Optional<Fields> profile = Optional.empty();
    private String profileName = "";
    private Optional<DeviceProfile.Limits> limits = Optional.empty();
    private Optional<MemoryCertificate> memory = Optional.empty();

    private PlanReader(Tree tree, Function<String, Optional<String>> kernelSource) {
        this.tree = tree;
        this.source = tree.source();
        this.kernelSource = kernelSource;
    }

    /**
     * Reads a plan. Nothing but its form is checked; {@link dev.quern.plan.verify.PlanVerifier} says whether it is
     * right.
     *
     * @param name how messages call the text, a file name as a rule
     * @param kernelSource gives the WGSL in a file of that name, {@code embed.wgsl}; the name leads out of no folder
     * @throws ReadException at the first thing that cannot be read
     */
    public static TextPlan read(String name, String text, Function<String, Optional<String>> kernelSource) {
        return new PlanReader(Reader.tree(name, text), kernelSource).read();
    }

    /**
     * Reads a plan that keeps all rules.
     *
     * @throws ReadException if it cannot be read, or with every problem that the verifier finds, each at its place
     */
    public static TextPlan readVerified(String name, String text, Function<String, Optional<String>> kernelSource) {
        TextPlan read = read(name, text, kernelSource);
        List<PlanProblem> problems = PlanVerifier.check(read.plan());
        if (!problems.isEmpty()) {
            throw new ReadException(
                    read.tree().source(),
                    problems.stream()
                            .map(problem -> new ReadException.Complaint(read.at(problem.place()), problem.sentence()))
                            .toList());
        }
        return read;
    }

    private TextPlan read() {
        if (!tree.stage().text().equals(Stage.PLAN.text())) {
            throw source.error(
                    tree.stage().at(),
                    "expected a plan, at the stage plan, found the stage "
                            + tree.stage().text());
        }
        for (Tree.Declaration declaration : tree.declarations()) {
            switch (declaration) {
                case Tree.Declaration.Symbol symbol ->
                    symbols.add(
                            new Plan.Symbol(symbol.name().text(), symbol.max().value()));
                case Tree.Declaration.Weight weight -> weights.add(weight(weight));
                case Tree.Declaration.Other other -> declaration(other);
            }
        }
        StepReader steps = new StepReader(source, kernels, Resources.of(buffers, weights));
        List<EntryPoint> entryPoints =
                tree.functions().stream().map(steps::entryPoint).toList();
        MemoryCertificate certificate = memory.orElseThrow(() -> lacking("memory {arena_bytes = …, …}"));
        Plan plan = new Plan(
                profile(),
                symbols,
                buffers,
                weights,
                kernels,
                entryPoints,
                new MemoryCertificate(certificate.arenaBytes(), certificate.lowerBoundBytes(), regions));
        return new TextPlan(tree.name().value(), plan, missingSources, tree);
    }

    private void declaration(Tree.Declaration.Other declaration) {
        String word = declaration.word().text();
        Fields fields = new Fields(source, declaration.at(), article(word), declaration.attributes());
        switch (word) {
            case "profile" -> {
                once(declaration, profile.isPresent());
                noExtent(declaration);
                profileName = text(declaration);
                profile = Optional.of(fields);
            }
            case "limits" -> {
                once(declaration, limits.isPresent());
                subjects(declaration, 0, "limits {…}");
                noExtent(declaration);
                limits = Optional.of(limits(fields));
                fields.finish();
            }
            case "buffer" -> {
                buffers.add(new BufferSpec(
                        global(declaration),
                        fields.oneOf("role", BufferSpec.Role.values(), BufferSpec.Role::text),
                        bytes(declaration),
                        fields.has("encoding") ? Optional.of(rows(fields)) : Optional.empty()));
                fields.finish();
            }
            case "kernel" -> {
                noExtent(declaration);
                kernels.add(kernel(global(declaration), fields));
                fields.finish();
            }
            case "memory" -> {
                once(declaration, memory.isPresent());
                subjects(declaration, 0, "memory {…}");
                noExtent(declaration);
                memory = Optional.of(new MemoryCertificate(
                        fields.whole("arena_bytes"), fields.whole("lower_bound_bytes"), List.of()));
                fields.finish();
            }
            case "region" -> {
                regions.add(region(declaration, fields));
                fields.finish();
            }
            default ->
                throw source.error(
                        declaration.at(), "a plan declares no '" + word + "'" + Nearest.among(word, DECLARATIONS));
        }
    }

    private DeviceProfile profile() {
        Fields fields = profile.orElseThrow(() -> lacking("profile \"portable\" {…}"));
        DeviceProfile read = new DeviceProfile(
                profileName,
                fields.oneOf("shape", DeviceProfile.Shape.values(), DeviceProfile.Shape::text),
                fields.oneOf("placement", Placement.values(), Placement::text),
                fields.count("lanes"),
                fields.count("subgroup_size"),
                limits.orElseThrow(() -> lacking("limits {…}")));
        fields.finish();
        return read;
    }

    private static BufferSpec.Rows rows(Fields fields) {
        return new BufferSpec.Rows(
                fields.oneOf("encoding", CacheEncoding.values(), CacheEncoding::text), fields.whole("columns"));
    }

    private static DeviceProfile.Limits limits(Fields fields) {
        return new DeviceProfile.Limits(
                fields.whole("max_storage_buffer_binding_size"),
                fields.whole("max_buffer_size"),
                fields.count("max_compute_invocations_per_workgroup"),
                fields.count("max_compute_workgroup_storage_size"),
                fields.count("max_texture_dimension_2d"),
                fields.count("max_compute_workgroups_per_dimension"));
    }

    private WeightSpec weight(Tree.Declaration.Weight weight) {
        Fields fields = new Fields(source, weight.at(), "a weight", weight.attributes());
        List<WeightSpec.Segment> segments = new ArrayList<>();
        for (Tree.Literal item : fields.items("from")) {
            segments.add(segment(item));
        }
        WeightSpec read = new WeightSpec(
                weight.name().text(),
                fields.oneOf("placement", Placement.values(), Placement::text),
                fields.text("layout"),
                bytes(weight.type()),
                segments);
        fields.finish();
        return read;
    }

    private WeightSpec.Segment segment(Tree.Literal item) {
        if (item instanceof Tree.Literal.Text text && text.range().isPresent()) {
            Tree.Range range = text.range().get();
            String digits = text.value().replaceAll("[^0-9]", "");
            if (!digits.isEmpty() && digits.length() < 10) {
                int file = Integer.parseInt(digits);
                if (Manifest.weightFile(file).equals(text.value())) {
                    return new WeightSpec.Segment(file, range.start(), range.end() - range.start());
                }
            }
        }
        throw source.error(
                item.at(), "expected part of a file of weights, " + Names.quote(Manifest.weightFile(0)) + "[0..4096]");
    }

    private Kernel kernel(String name, Fields fields) {
        String file = PlanWriter.sourceFile(name);
        if (!fields.text("source").equals(file) || !isPlain(file)) {
            throw source.error(
                    fields.at("source"),
                    "the source of a kernel has its name, which is of letters, digits, '.', '_' and '-': expected "
                            + Names.quote(file));
        }
        Optional<String> wgsl = kernelSource.apply(file);
        if (wgsl.isEmpty()) {
            missingSources.add(file);
        }
        return new Kernel(
                name,
                fields.text("entry"),
                fields.listOf("bindings", Kernel.Access.values(), Kernel.Access::text),
                fields.listOf("features", Kernel.Feature.values(), Kernel.Feature::text),
                wgsl.orElse(""));
    }

    private static boolean isPlain(String file) {
        return file.charAt(0) != '.'
                && file.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || "._-".indexOf(c) >= 0);
    }

    private MemoryCertificate.Region region(Tree.Declaration.Other region, Fields fields) {
        subjects(region, 2, "region @step %x : bytes[0..1024]");
        if (region.subjects().get(0) instanceof Tree.Name entryPoint
                && entryPoint.kind() == Tree.Kind.GLOBAL
                && region.subjects().get(1) instanceof Tree.Name value
                && value.kind() == Tree.Kind.VALUE
                && region.extent().isPresent()
                && region.extent().get() instanceof Tree.Extent.Span span
                && span.unit().text().equals("bytes")) {
            Tree.Range range = span.range();
            return new MemoryCertificate.Region(
                    entryPoint.text(),
                    value.text(),
                    range.start(),
                    range.end() - range.start(),
                    fields.count("first"),
                    fields.count("last"));
        }
        throw source.error(region.at(), "a region is written: region @step %x : bytes[0..1024] {first = 0, last = 1}");
    }

    private long bytes(Tree.Declaration.Other declaration) {
        if (declaration.extent().isPresent() && declaration.extent().get() instanceof Tree.Extent.Whole whole) {
            return bytes(whole.type());
        }
        throw source.error(declaration.at(), "expected a size after the name, : bytes[1024]");
    }

    private long bytes(Tree.Type.Tensor type) {
        if (type.encoding().text().equals("bytes")
                && type.shape().size() == 1
                && type.shape().getFirst() instanceof Tree.Literal.Whole whole) {
            return whole.value();
        }
        throw source.error(type.at(), "at the stage plan a size is a number of bytes, bytes[1024]");
    }

    private String global(Tree.Declaration.Other declaration) {
        String word = declaration.word().text();
        subjects(declaration, 1, word + " @name");
        if (declaration.subjects().getFirst() instanceof Tree.Name name && name.kind() == Tree.Kind.GLOBAL) {
            return name.text();
        }
        throw source.error(declaration.subjects().getFirst().at(), "expected a name: " + word + " @name");
    }

    private String text(Tree.Declaration.Other declaration) {
        String word = declaration.word().text();
        subjects(declaration, 1, word + " \"name\"");
        if (declaration.subjects().getFirst() instanceof Tree.Literal.Text text) {
            return text.value();
        }
        throw source.error(declaration.subjects().getFirst().at(), "expected text: " + word + " \"name\"");
    }

    private void subjects(Tree.Declaration.Other declaration, int count, String example) {
        int found = declaration.subjects().size();
        if (found != count) {
            At at = found > count ? declaration.subjects().get(count).at() : declaration.at();
            throw source.error(at, "expected " + example + ", found " + found + " names instead of " + count);
        }
    }

    private void noExtent(Tree.Declaration.Other declaration) {
        if (declaration.extent().isPresent()) {
            throw source.error(declaration.at(), article(declaration.word().text()) + " has no size");
        }
    }

    private void once(Tree.Declaration.Other declaration, boolean before) {
        if (before) {
            throw source.error(declaration.at(), declaration.word().text() + " stands twice; a plan has one");
        }
    }

    private RuntimeException lacking(String declaration) {
        return source.error(tree.name().at(), "the plan lacks its line " + declaration);
    }

    private static String article(String word) {
        return word.equals("limits") || word.equals("memory") ? word : "a " + word;
    }
}
