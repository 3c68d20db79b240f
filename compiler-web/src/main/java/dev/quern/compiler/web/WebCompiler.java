package dev.quern.compiler.web;

import dev.quern.codegen.lowering.SelectionException;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelNames;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufException;
import dev.quern.plan.BundleException;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.PlanJson;
import dev.quern.plan.json.JsonText;
import dev.quern.plan.json.JsonValue;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.web.FactsJson;
import dev.quern.runtime.web.Promises;
import dev.quern.runtime.web.WebDevice;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;

/**
 * The compiler as JavaScript sees it: functions over the one model of this instance. Answers are JSON; promises are
 * rejected with an error whose {@code kind} is {@code model} (the file is broken, or asks for what is not supported),
 * {@code request} or {@code internal}.
 */
public final class WebCompiler {
    private static @Nullable Opened opened;

    /** A model whose plan is made. */
    private record Opened(CompilerHost host, CompiledModel model) {}

    private WebCompiler() {}

    /** Nothing runs by itself. */
    public static void main(String[] arguments) {}

    /**
     * Reads a model's header and compiles everything but the weights' bytes.
     *
     * @param host the file, the device, and who takes the bundle
     * @param options JSON: {@code context} (positions to have room for), {@code cache} (how to keep keys and values)
     *     and {@code profile} (a name), each if wanted
     * @return facts on the model, the profile, the plan's text, and what is odd about the file, as JSON
     */
    @JSExport
    public static JSPromise<JSString> open(JSObject host, String options) {
        return promise(() -> {
            var page = (CompilerHost) host;
            var model = ModelCompiler.compile(
                    new PageSource(page), options(page, JsonValue.parse("options", options)), new EngineTrial(page));
            opened = new Opened(page, model);
            return JsonText.printLine(answer(model));
        });
    }

    private static CompileOptions options(CompilerHost page, JsonValue json) {
        DeviceProfile profile = json.has("profile")
                ? NamedProfile.of(json.field("profile").text())
                : ProfileMatcher.fitted(WebDevice.describe(page.getDevice(), page.getAdapter()));
        var options = CompileOptions.of(profile);
        if (json.has("cache")) {
            options = options.withCache(cache(json.field("cache").text()));
        }
        if (json.has("file")) {
            options = options.withNames(ModelNames.ofFile(json.field("file").text()));
        }
        return json.has("context") ? options.withContext(json.field("context").count()) : options;
    }

    private static CacheEncoding cache(String name) {
        return CacheEncoding.named(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "cache is \"" + name + "\", but keys and values are kept as " + CacheEncoding.choice() + "."));
    }

    private static Map<String, Object> answer(CompiledModel compiled) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put(
                "model",
                FactsJson.write(compiled.facts(), compiled.plan().profile().name()));
        answer.put("plan", PlanJson.write(compiled.plan(), Manifest::kernelFile));
        answer.put(
                "warnings", compiled.warnings().stream().map(Finding::toString).toList());
        return answer;
    }

    /** The WGSL of a kernel of the model that is open; empty where the plan has no such kernel. */
    @JSExport
    public static JSPromise<JSString> kernel(String name) {
        return promise(() -> loaded().model().plan().kernels().stream()
                .filter(kernel -> kernel.name().equals(name))
                .map(kernel -> kernel.source())
                .findFirst()
                .orElse(""));
    }

    /** Writes the bundle of the model that is open: weights, plan, kernels, tokenizer, and the manifest as the last. */
    @JSExport
    public static JSPromise<JSString> write() {
        return promise(() -> {
            var current = loaded();
            var host = current.host();
            var sink = new PageSink(host, current.model().plan().weights());
            ModelCompiler.write(
                    current.model(), sink, sink::digest, (done, total) -> host.progress((double) done, (double) total));
            return "{}";
        });
    }

    /** Lets go of the model. */
    @JSExport
    public static void close() {
        opened = null;
    }

    private static Opened loaded() {
        return Objects.requireNonNull(opened, "no model is open");
    }

    private static JSPromise<JSString> promise(Promises.Waiting work) {
        return Promises.promise(work, WebCompiler::kind);
    }

    private static String kind(RuntimeException problem) {
        return switch (problem) {
            case GgufException model -> "model";
            case SelectionException model -> "model";
            case UncheckedIOException model -> "model";
            case BundleException bundle -> "bundle";
            case IllegalArgumentException argument -> "request";
            default -> "internal";
        };
    }
}
