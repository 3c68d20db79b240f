package dev.quern.plan.bundle;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Placement;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import dev.quern.plan.json.JsonText;
import dev.quern.plan.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The plan as JSON. Kernels' sources lie in files of their own, which the plan names. What is bound is a list of name,
 * offset and bytes; a number of workgroups is a number, or an object where it depends on a symbol.
 */
public final class PlanJson {
    private PlanJson() {}

    /**
     * Gives the text of a kernel's file. Reading a file waits in a browser, and there all that calls an interface's
     * method is compiled for waiting, at twice the size, if one class behind that interface waits: hence no
     * {@link UnaryOperator}.
     */
    @FunctionalInterface
    public interface KernelSources {
        /** The whole text of a file of the bundle. */
        String read(String file);
    }

    /**
     * The text of {@code plan-PROFILE.json}.
     *
     * @param kernelFiles gives the file of the kernel of a name
     */
    public static String write(Plan plan, UnaryOperator<String> kernelFiles) {
        var json = new LinkedHashMap<String, Object>();
        json.put("format_version", Manifest.FORMAT_VERSION);
        json.put("profile", ProfileJson.write(plan.profile()));
        json.put("symbols", plan.symbols().stream().map(PlanJson::write).toList());
        json.put("buffers", plan.buffers().stream().map(PlanJson::write).toList());
        json.put("weights", plan.weights().stream().map(PlanJson::write).toList());
        json.put(
                "kernels",
                plan.kernels().stream()
                        .map(kernel -> write(kernel, kernelFiles.apply(kernel.name())))
                        .toList());
        json.put(
                "entry_points", plan.entryPoints().stream().map(PlanJson::write).toList());
        json.put("memory", write(plan.memory()));
        return JsonText.print(json);
    }

    /**
     * Reads a plan.
     *
     * @param document the name of the file, for errors
     * @param kernelSources gives the text of a kernel's file
     */
    public static Plan read(String document, String text, KernelSources kernelSources) {
        var json = JsonValue.parse(document, text);
        ManifestJson.checkVersion(json);
        List<Kernel> kernels = new ArrayList<>();
        for (var kernel : json.field("kernels").list()) {
            kernels.add(readKernel(kernel, kernelSources));
        }
        return new Plan(
                ProfileJson.read(json.field("profile")),
                json.field("symbols").list(PlanJson::readSymbol),
                json.field("buffers").list(PlanJson::readBuffer),
                json.field("weights").list(PlanJson::readWeight),
                kernels,
                json.field("entry_points").list(PlanJson::readEntryPoint),
                readMemory(json.field("memory")));
    }

    static Map<String, Object> write(Plan.Symbol symbol) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", symbol.name());
        json.put("max", symbol.max());
        return json;
    }

    static Plan.Symbol readSymbol(JsonValue json) {
        return new Plan.Symbol(json.field("name").text(), json.field("max").whole(1, Integer.MAX_VALUE));
    }

    private static Map<String, Object> write(BufferSpec buffer) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", buffer.name());
        json.put("role", buffer.role().text());
        json.put("bytes", buffer.bytes());
        buffer.rows().ifPresent(rows -> {
            json.put("encoding", rows.encoding().text());
            json.put("columns", rows.columns());
        });
        return json;
    }

    private static BufferSpec readBuffer(JsonValue json) {
        return new BufferSpec(
                json.field("name").text(),
                json.field("role").oneOf(List.of(BufferSpec.Role.values()), BufferSpec.Role::text),
                json.field("bytes").size(),
                json.has("encoding") ? Optional.of(readRows(json)) : Optional.empty());
    }

    private static BufferSpec.Rows readRows(JsonValue json) {
        return new BufferSpec.Rows(
                json.field("encoding").oneOf(List.of(CacheEncoding.values()), CacheEncoding::text),
                json.field("columns").size());
    }

    private static Map<String, Object> write(WeightSpec weight) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", weight.name());
        json.put("placement", weight.placement().text());
        json.put("layout", weight.layout());
        json.put("bytes", weight.bytes());
        json.put(
                "segments",
                weight.segments().stream()
                        .map(segment -> List.of(segment.file(), segment.offset(), segment.bytes()))
                        .toList());
        return json;
    }

    private static WeightSpec readWeight(JsonValue json) {
        return new WeightSpec(
                json.field("name").text(),
                json.field("placement").oneOf(List.of(Placement.values()), Placement::text),
                json.field("layout").text(),
                json.field("bytes").size(),
                json.field("segments").list(PlanJson::readSegment));
    }

    private static WeightSpec.Segment readSegment(JsonValue json) {
        var items = json.list(3);
        return new WeightSpec.Segment(
                items.get(0).count(), items.get(1).size(), items.get(2).size());
    }

    private static Map<String, Object> write(Kernel kernel, String file) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", kernel.name());
        json.put("entry_point", kernel.entryPoint());
        json.put("bindings", kernel.bindings().stream().map(Kernel.Access::text).toList());
        json.put(
                "features", kernel.features().stream().map(Kernel.Feature::text).toList());
        json.put("file", file);
        return json;
    }

    private static Kernel readKernel(JsonValue json, KernelSources sources) {
        var file = json.field("file");
        ManifestJson.checkName(file);
        return new Kernel(
                json.field("name").text(),
                json.field("entry_point").text(),
                json.field("bindings")
                        .list(access -> access.oneOf(List.of(Kernel.Access.values()), Kernel.Access::text)),
                json.field("features")
                        .list(feature -> feature.oneOf(List.of(Kernel.Feature.values()), Kernel.Feature::text)),
                sources.read(file.text()));
    }

    private static Map<String, Object> write(EntryPoint entry) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", entry.name());
        json.put("steps", entry.steps().stream().map(PlanJson::write).toList());
        return json;
    }

    private static EntryPoint readEntryPoint(JsonValue json) {
        return new EntryPoint(json.field("name").text(), json.field("steps").list(PlanJson::readStep));
    }

    private static Map<String, Object> write(EntryPoint.Step step) {
        var json = new LinkedHashMap<String, Object>();
        json.put("label", step.label());
        json.put("kernel", step.kernel());
        json.put(
                "bindings",
                step.bindings().stream()
                        .map(bound -> List.of(bound.resource(), bound.offset(), bound.bytes()))
                        .toList());
        json.put("grid", step.grid().stream().map(PlanJson::write).toList());
        return json;
    }

    private static EntryPoint.Step readStep(JsonValue json) {
        return new EntryPoint.Step(
                json.field("label").text(),
                json.field("kernel").text(),
                json.field("bindings").list(PlanJson::readBound),
                json.field("grid").list(3).stream().map(PlanJson::readExtent).toList());
    }

    private static EntryPoint.Bound readBound(JsonValue json) {
        var items = json.list(3);
        return new EntryPoint.Bound(
                items.get(0).text(), items.get(1).size(), items.get(2).size());
    }

    private static Object write(EntryPoint.Extent extent) {
        if (extent.equals(EntryPoint.Extent.fixed(extent.factor()))) {
            return extent.factor();
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("symbol", extent.symbol());
        json.put("factor", extent.factor());
        json.put("divisor", extent.divisor());
        return json;
    }

    private static EntryPoint.Extent readExtent(JsonValue json) {
        if (json.isNumber()) {
            return EntryPoint.Extent.fixed(json.size());
        }
        return new EntryPoint.Extent(
                json.field("symbol").text(),
                json.field("factor").size(),
                json.field("divisor").whole(1, Long.MAX_VALUE));
    }

    private static Map<String, Object> write(MemoryCertificate memory) {
        var json = new LinkedHashMap<String, Object>();
        json.put("arena_bytes", memory.arenaBytes());
        json.put("lower_bound_bytes", memory.lowerBoundBytes());
        json.put("regions", memory.regions().stream().map(PlanJson::write).toList());
        return json;
    }

    private static MemoryCertificate readMemory(JsonValue json) {
        return new MemoryCertificate(
                json.field("arena_bytes").size(),
                json.field("lower_bound_bytes").size(),
                json.field("regions").list(PlanJson::readRegion));
    }

    private static Map<String, Object> write(MemoryCertificate.Region region) {
        var json = new LinkedHashMap<String, Object>();
        json.put("entry_point", region.entryPoint());
        json.put("value", region.value());
        json.put("offset", region.offset());
        json.put("bytes", region.bytes());
        json.put("first_step", region.firstStep());
        json.put("last_step", region.lastStep());
        return json;
    }

    private static MemoryCertificate.Region readRegion(JsonValue json) {
        return new MemoryCertificate.Region(
                json.field("entry_point").text(),
                json.field("value").text(),
                json.field("offset").size(),
                json.field("bytes").size(),
                json.field("first_step").count(),
                json.field("last_step").count());
    }
}
