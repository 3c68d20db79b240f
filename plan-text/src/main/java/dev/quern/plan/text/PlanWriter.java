package dev.quern.plan.text;

import dev.quern.ir.text.Names;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.bundle.Manifest;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints plans. Equal plans print equal text, line ends are {@code \n}, and {@link PlanReader} gives an equal plan
 * back.
 */
public final class PlanWriter {
    private final Plan plan;
    private final Resources resources;
    private final StringBuilder out = new StringBuilder();

    private PlanWriter(Plan plan) {
        this.plan = plan;
        this.resources = Resources.of(plan.buffers(), plan.weights());
    }

    /**
     * The text of a plan, all but the WGSL of its kernels, ending in a line end.
     *
     * @param model the name of the model, which a plan does not know
     */
    public static String write(String model, Plan plan) {
        return new PlanWriter(plan).write(model);
    }

    /** The name of the file that holds a kernel's WGSL: {@code NAME.wgsl}. */
    public static String sourceFile(String kernel) {
        return kernel + ".wgsl";
    }

    private String write(String model) {
        line("module " + Names.quote(model) + " at plan");
        plan.symbols().forEach(symbol -> line("symbol " + symbol(symbol.name()) + " <= " + symbol.max()));
        profile(plan.profile());
        group(plan.buffers().stream().map(PlanWriter::buffer).toList());
        group(plan.weights().stream().map(PlanWriter::weight).toList());
        group(plan.kernels().stream().map(PlanWriter::kernel).toList());
        memory(plan.memory());
        for (EntryPoint entry : plan.entryPoints()) {
            line("");
            line("func " + global(entry.name()) + "() {");
            entry.steps().forEach(step -> line("  " + step(step)));
            line("  return");
            line("}");
        }
        return out.toString();
    }

    private void profile(DeviceProfile profile) {
        line("profile " + Names.quote(profile.name())
                + attributes(
                        "shape = " + Names.quote(profile.shape().text()),
                        "placement = " + profile.placement().text(),
                        "lanes = " + profile.lanes(),
                        "subgroup_size = " + profile.subgroupSize()));
        DeviceProfile.Limits limits = profile.limits();
        line("limits"
                + attributes(
                        "max_storage_buffer_binding_size = " + limits.maxStorageBufferBindingSize(),
                        "max_buffer_size = " + limits.maxBufferSize(),
                        "max_compute_invocations_per_workgroup = " + limits.maxComputeInvocationsPerWorkgroup(),
                        "max_compute_workgroup_storage_size = " + limits.maxComputeWorkgroupStorageSize(),
                        "max_texture_dimension_2d = " + limits.maxTextureDimension2D(),
                        "max_compute_workgroups_per_dimension = " + limits.maxComputeWorkgroupsPerDimension()));
    }

    private static String buffer(BufferSpec buffer) {
        return "buffer " + global(buffer.name()) + " : bytes[" + buffer.bytes() + "]"
                + attributes("role = " + buffer.role().text()
                        + buffer.rows()
                                .map(rows -> ", encoding = " + rows.encoding().text() + ", columns = " + rows.columns())
                                .orElse(""));
    }

    private static String weight(WeightSpec weight) {
        List<String> segments = new ArrayList<>();
        weight.segments()
                .forEach(segment -> segments.add(
                        Names.quote(Manifest.weightFile(segment.file())) + range(segment.offset(), segment.bytes())));
        return "weight " + global(weight.name()) + " : bytes[" + weight.bytes() + "]"
                + attributes(
                        "from = [" + String.join(", ", segments) + "]",
                        "layout = " + Names.quote(weight.layout()),
                        "placement = " + weight.placement().text());
    }

    private static String kernel(Kernel kernel) {
        List<String> attributes = new ArrayList<>();
        attributes.add("entry = " + Names.quote(kernel.entryPoint()));
        attributes.add("bindings = ["
                + String.join(
                        ", ",
                        kernel.bindings().stream().map(Kernel.Access::text).toList())
                + "]");
        if (!kernel.features().isEmpty()) {
            attributes.add("features = ["
                    + String.join(
                            ", ",
                            kernel.features().stream().map(Kernel.Feature::text).toList())
                    + "]");
        }
        attributes.add("source = " + Names.quote(sourceFile(kernel.name())));
        return "kernel " + global(kernel.name()) + attributes(attributes.toArray(String[]::new));
    }

    private void memory(MemoryCertificate memory) {
        line("");
        line("memory"
                + attributes(
                        "arena_bytes = " + memory.arenaBytes(), "lower_bound_bytes = " + memory.lowerBoundBytes()));
        for (MemoryCertificate.Region region : memory.regions()) {
            line("region " + global(region.entryPoint()) + " %" + Names.print(region.value()) + " : bytes"
                    + range(region.offset(), region.bytes())
                    + attributes("first = " + region.firstStep(), "last = " + region.lastStep()));
        }
    }

    private String step(EntryPoint.Step step) {
        List<Kernel.Access> accesses = plan.kernels().stream()
                .filter(kernel -> kernel.name().equals(step.kernel()))
                .findFirst()
                .map(Kernel::bindings)
                .orElse(List.of());
        List<String> bindings = new ArrayList<>();
        for (EntryPoint.Bound bound : step.bindings()) {
            int index = bindings.size();
            String access = index < accesses.size() ? accesses.get(index).text() + " " : "";
            String range = resources.isWholeWeight(bound) ? "" : range(bound.offset(), bound.bytes());
            bindings.add(access + global(bound.resource()) + range);
        }
        List<String> grid = step.grid().stream().map(PlanWriter::extent).toList();
        return "dispatch " + Names.quote(step.label()) + " " + global(step.kernel())
                + (bindings.isEmpty() ? "" : " " + String.join(", ", bindings))
                + attributes("grid = [" + String.join(", ", grid) + "]");
    }

    private static String extent(EntryPoint.Extent extent) {
        String divisor = extent.divisor() == 1 ? "" : " /^ " + extent.divisor();
        if (extent.symbol().isEmpty()) {
            return extent.factor() + divisor;
        }
        return symbol(extent.symbol()) + (extent.factor() == 1 ? "" : " * " + extent.factor()) + divisor;
    }

    /**
     * The end of a range may overflow and come back below its start; the reader's difference undoes that, the verifier
     * refuses it.
     */
    private static String range(long offset, long bytes) {
        return "[" + offset + ".." + (offset + bytes) + "]";
    }

    private static String global(String name) {
        return "@" + Names.print(name);
    }

    private static String symbol(String name) {
        return "?" + Names.print(name);
    }

    private static String attributes(String... attributes) {
        return " {" + String.join(", ", attributes) + "}";
    }

    private void group(List<String> lines) {
        if (!lines.isEmpty()) {
            line("");
            lines.forEach(this::line);
        }
    }

    private void line(String line) {
        out.append(line).append('\n');
    }
}
