package dev.quern.cli.inspect;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.terminal.Counted;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Table;
import dev.quern.cli.terminal.Visible;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Plan;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.BundleSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A plan.
 *
 * @param plan of one profile
 */
public record PlanView(Plan plan) {

    /**
     * The plans of a bundle, the preferred first.
     *
     * @param views takes the facts on the model, if they are wanted
     */
    public static List<PlanView> ofBundle(Path file, List<View> views, boolean facts) {
        try (BundleSource source = BundleFiles.source(file)) {
            BundleReader reader = BundleFiles.reader(source);
            if (facts) {
                views.add(BundleView.facts(reader.manifest()));
            }
            return reader.manifest().profiles().stream()
                    .map(profile -> new PlanView(reader.plan(profile.name())))
                    .toList();
        }
    }

    /** The steps of each entry point. */
    public View steps() {
        Map<String, Object> fields = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        for (EntryPoint entry : plan.entryPoints()) {
            var table = new Table("STEP", "WHAT", "KERNEL", "GRID", "BINDINGS");
            List<Object> list = new ArrayList<>();
            for (int index = 0; index < entry.steps().size(); index++) {
                EntryPoint.Step step = entry.steps().get(index);
                List<String> bindings =
                        step.bindings().stream().map(PlanView::describe).toList();
                List<String> grid = step.grid().stream().map(PlanView::describe).toList();
                table.row(index, step.label(), step.kernel(), String.join(" x ", grid), String.join(", ", bindings));
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("label", step.label());
                one.put("kernel", step.kernel());
                one.put("grid", grid);
                one.put("bindings", bindings);
                list.add(one);
            }
            text.append(text.isEmpty() ? "" : "\n")
                    .append(Visible.line(entry.name()))
                    .append(", ")
                    .append(Visible.line(plan.profile().name()))
                    .append(": ")
                    .append(Counted.of(entry.steps().size(), "dispatch", "dispatches"))
                    .append('\n')
                    .append(table);
            fields.put(entry.name(), list);
        }
        return new View("plan", text.toString(), fields);
    }

    /** The arena with its proof. */
    public View memory() {
        MemoryCertificate memory = plan.memory();
        var table = new Table("ENTRY", "VALUE", "OFFSET", "BYTES", "STEPS");
        List<Object> regions = new ArrayList<>();
        for (MemoryCertificate.Region region : memory.regions()) {
            table.row(
                    region.entryPoint(),
                    region.value(),
                    region.offset(),
                    region.bytes(),
                    region.firstStep() + "-" + region.lastStep());
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("entry_point", region.entryPoint());
            one.put("value", region.value());
            one.put("offset", region.offset());
            one.put("bytes", region.bytes());
            one.put("first_step", region.firstStep());
            one.put("last_step", region.lastStep());
            regions.add(one);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("profile", plan.profile().name());
        fields.put("arena_bytes", memory.arenaBytes());
        fields.put("arena_lower_bound_bytes", memory.lowerBoundBytes());
        fields.put("gap_percent", memory.gapPercent());
        fields.put("weight_bytes", weightBytes());
        fields.put("buffers", buffers());
        fields.put("regions", regions);
        String verdict = memory.arenaBytes() == memory.lowerBoundBytes()
                ? "arena = lower bound: no plan can need less"
                : String.format(
                        Locale.ROOT,
                        "%.2f%% over the lower bound of %d",
                        memory.gapPercent(),
                        memory.lowerBoundBytes());
        StringBuilder text =
                new StringBuilder("profile  " + Visible.line(plan.profile().name()) + "\narena    "
                        + memory.arenaBytes() + " bytes; " + verdict + "\nweights  " + weightBytes() + " bytes\n");
        bufferLines()
                .forEach(line ->
                        text.append("buffer   ").append(Visible.line(line)).append('\n'));
        return new View("memory", text + "\n" + table, fields);
    }

    /** The kernels. */
    public View kernels() {
        var table = new Table("KERNEL", "BINDINGS", "FEATURES", "STEPS", "LINES");
        List<Object> list = new ArrayList<>();
        for (Kernel kernel : plan.kernels()) {
            List<String> bindings =
                    kernel.bindings().stream().map(Kernel.Access::text).toList();
            List<String> features =
                    kernel.features().stream().map(Kernel.Feature::text).toList();
            long uses = plan.entryPoints().stream()
                    .flatMap(entry -> entry.steps().stream())
                    .filter(step -> step.kernel().equals(kernel.name()))
                    .count();
            long lines = kernel.source().lines().count();
            table.row(kernel.name(), String.join(", ", bindings), String.join(", ", features), uses, lines);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", kernel.name());
            one.put("entry_point", kernel.entryPoint());
            one.put("bindings", bindings);
            one.put("features", features);
            one.put("steps", uses);
            one.put("source", kernel.source());
            list.add(one);
        }
        return new View("kernels", table.toString(), list);
    }

    private long weightBytes() {
        return plan.weights().stream().mapToLong(weight -> weight.bytes()).sum();
    }

    /**
     * A line a buffer; buffers of one role and size that follow each other, such as the states of all layers, share
     * one.
     */
    private List<String> bufferLines() {
        List<String> lines = new ArrayList<>();
        List<BufferSpec> buffers = plan.buffers();
        for (int first = 0; first < buffers.size(); ) {
            BufferSpec one = buffers.get(first);
            int end = first + 1;
            while (end < buffers.size()
                    && buffers.get(end).role() == one.role()
                    && buffers.get(end).bytes() == one.bytes()
                    && buffers.get(end).rows().equals(one.rows())) {
                end++;
            }
            int count = end - first;
            String names = count == 1
                    ? one.name()
                    : one.name() + " … " + buffers.get(end - 1).name();
            String sizes = count == 1
                    ? Sizes.bytes(one.bytes())
                    : count + " of " + Sizes.bytes(one.bytes()) + ", " + Sizes.bytes(count * one.bytes()) + " in all";
            String kept = one.rows()
                    .map(rows -> " of " + rows.columns() + " " + rows.encoding().text() + " a position"
                            + (one.positions() < positions() ? ", the last " + one.positions() + " of them" : ""))
                    .orElse("");
            lines.add(names + ", " + one.role().text() + kept + ", " + sizes);
            first = end;
        }
        return lines;
    }

    /** Positions that the longest state holds. */
    private long positions() {
        return plan.buffers().stream().mapToLong(BufferSpec::positions).max().orElse(0);
    }

    private List<Object> buffers() {
        List<Object> list = new ArrayList<>();
        plan.buffers().forEach(buffer -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", buffer.name());
            one.put("role", buffer.role().text());
            one.put("bytes", buffer.bytes());
            buffer.rows().ifPresent(rows -> {
                one.put("encoding", rows.encoding().text());
                one.put("columns", rows.columns());
                one.put("positions", buffer.positions());
            });
            list.add(one);
        });
        return list;
    }

    private static String describe(EntryPoint.Bound bound) {
        return bound.offset() == 0 ? bound.resource() : bound.resource() + "+" + bound.offset();
    }

    private static String describe(EntryPoint.Extent extent) {
        if (extent.symbol().isEmpty()) {
            return Long.toString(extent.factor());
        }
        return extent.symbol()
                + (extent.factor() == 1 ? "" : "*" + extent.factor())
                + (extent.divisor() == 1 ? "" : "/" + extent.divisor());
    }
}
