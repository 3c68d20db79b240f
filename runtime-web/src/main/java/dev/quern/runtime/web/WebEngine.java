package dev.quern.runtime.web;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.json.JsonText;
import dev.quern.plan.json.JsonValue;
import dev.quern.runtime.Engine;
import dev.quern.runtime.Generation;
import dev.quern.runtime.GenerationRequest;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.KernelOrder;
import dev.quern.runtime.LoadProgress;
import dev.quern.runtime.NotFiniteException;
import dev.quern.runtime.ProfileMatcher;
import dev.quern.runtime.PromptException;
import dev.quern.runtime.PromptTooLongException;
import dev.quern.runtime.SamplingChoice;
import dev.quern.text.Sampling;
import dev.quern.text.Tokenizer;
import dev.quern.text.TokenizerJson;
import dev.quern.text.chat.BuildingTrial;
import dev.quern.text.chat.ChatJson;
import dev.quern.text.chat.ChatTemplateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;

/**
 * The engine as JavaScript sees it: functions over the one engine of this instance. Requests and answers are JSON;
 * promises are rejected with an error whose {@code details} have the numbers of a prompt that is too long, and whose
 * {@code kind} is {@code bundle}, {@code prompt}, {@code request}, {@code chat}, {@code arithmetic}, {@code no_device},
 * {@code validation}, {@code out_of_memory}, {@code device_lost} or {@code internal}.
 */
public final class WebEngine {
    private static final Promises.Kinds KINDS = new Promises.Kinds() {
        @Override
        public String of(RuntimeException problem) {
            return kind(problem);
        }

        @Override
        public String details(RuntimeException problem) {
            return problem instanceof PromptTooLongException tooLong ? details(tooLong) : "";
        }

        private static String details(PromptTooLongException problem) {
            var details = new LinkedHashMap<String, Object>();
            details.put("prompt_tokens", problem.tokens());
            details.put("context_length", problem.room());
            return JsonText.printLine(details);
        }
    };

    /** So long after loading without a request, kernels are compiled that only long prompts need. */
    private static final int IDLE_MILLISECONDS = 200;

    private static @Nullable Engine engine;
    private static @Nullable WebGpu gpu;
    private static @Nullable Opened opened;
    private static boolean interrupted;
    private static boolean busy;

    /** The last generation that was begun; if it broke, it can be taken up after the bundle was loaded again. */
    private static @Nullable Generation begun;

    /** A bundle whose plan is chosen. */
    private record Opened(WebHost host, WebBundle source, BundleReader reader, String profile) {}

    private WebEngine() {}

    /** Nothing runs by itself. */
    public static void main(String[] arguments) {}

    /**
     * Opens a bundle and chooses the plan; no weight is fetched.
     *
     * @param host files and device
     * @param profile the name of a profile, or empty for the first that fits
     * @return facts on the model, and the profile, as JSON
     */
    @JSExport
    public static JSPromise<JSString> open(JSObject host, String profile) {
        return promise(() -> {
            close();
            var page = (WebHost) host;
            var device = new WebGpu(page.getDevice(), page.getAdapter());
            gpu = device;
            var source = new WebBundle(page);
            var reader = BundleReader.open(source, WebBundle::digest);
            String chosen = profile.isEmpty()
                    ? ProfileMatcher.choose(reader.manifest().profiles(), device.info())
                            .name()
                    : profile;
            opened = new Opened(page, source, reader, chosen);
            return JsonText.printLine(FactsJson.write(reader.manifest().model(), chosen));
        });
    }

    /**
     * Tries the tokenizer of a model that is compiled in this page; no bundle needs to be open.
     *
     * @param tokenizer what the bundle will carry of it
     * @return what came of it, as {@link TrialJson} tells it
     */
    @JSExport
    public static JSPromise<JSString> checkTokenizer(String tokenizer) {
        return promise(() -> TrialJson.write(new BuildingTrial().of(TokenizerJson.read(tokenizer))));
    }

    /**
     * Brings the bundle that was opened to the device.
     *
     * @return JSON: {@code chat_problem}, why chats cannot be put to the model, where they cannot
     */
    @JSExport
    public static JSPromise<JSString> load() {
        return promise(() -> {
            try {
                load(Objects.requireNonNull(opened, "no bundle is open"), Objects.requireNonNull(gpu));
                var facts = new LinkedHashMap<String, Object>();
                WebChat.problem(loaded()).ifPresent(problem -> facts.put("chat_problem", problem));
                return JsonText.printLine(facts);
            } catch (RuntimeException problem) {
                close();
                throw problem;
            }
        });
    }

    private static void load(Opened bundle, WebGpu device) {
        var host = bundle.host();
        Engine loaded = Engine.load(
                bundle.reader(),
                device,
                bundle.profile(),
                new WebTransfer(host, device),
                (phase, done, total) -> {
                    // Pipelines are begun here and done when the device has settled.
                    if (phase == LoadProgress.Phase.WEIGHTS) {
                        host.progress("weights", (double) done, (double) total);
                    }
                },
                () -> (long) (Js.now() * 1e6));
        engine = loaded;
        // The other kernels come when nothing else is to be done, or when a long prompt needs them.
        int total = KernelOrder.of(loaded.plan()).ofSteps();
        host.progress("pipelines", 0, total);
        device.settle(total, done -> host.progress("pipelines", done, total));
        bundle.source().close();
        new Thread(() -> beginWhenIdle(device)).start();
    }

    /** The first request often comes at once; kernels that it does not need would slow it down. */
    private static void beginWhenIdle(WebGpu device) {
        try {
            Thread.sleep(IDLE_MILLISECONDS);
        } catch (InterruptedException e) {
            return;
        }
        if (gpu == device && !busy) {
            device.begin();
        }
    }

    /** What the host hears from the device outside any call: an uncaptured error, or its loss. */
    @JSExport
    public static void refused(String kind, String message) {
        if (gpu != null) {
            gpu.refused(kind(kind), message);
        }
    }

    private static GpuException.Kind kind(String word) {
        for (var kind : GpuException.Kind.values()) {
            if (word(kind).equals(word)) {
                return kind;
            }
        }
        return GpuException.Kind.INTERNAL;
    }

    /** The tokens of a text, as a JSON array. */
    @JSExport
    public static JSPromise<JSString> tokenize(String text, boolean parseSpecial) {
        return promise(() -> tokens(text, parseSpecial));
    }

    private static String tokens(String text, boolean parseSpecial) {
        var options = new Tokenizer.Options(parseSpecial, false);
        return JsonText.printLine(list(loaded().tokenizer().encode(text, options)));
    }

    /**
     * The tokens of the prompt that asks for the next message of a chat, as a JSON array; the request is JSON with
     * {@code messages}.
     */
    @JSExport
    public static JSPromise<JSString> chatPrompt(String request) {
        return promise(() -> JsonText.printLine(list(WebChat.prompt(loaded(), ChatJson.request("request", request)))));
    }

    /**
     * Continues a prompt.
     *
     * @param request JSON: {@code prompt} (text) or {@code tokens}, {@code max_tokens}, {@code drawn_seed}, the seed
     *     where none is given; if wanted {@code temperature}, {@code top_k}, {@code top_p}, {@code min_p},
     *     {@code repeat_penalty}, {@code repeat_last_n}, {@code seed}, {@code stop}; {@code chat} where the prompt is
     *     one, whose defaults hold then
     * @param text is given the text as it comes
     * @return JSON: tokens, text, why it ended, figures
     */
    @JSExport
    public static JSPromise<JSString> generate(String request, Js.Text text) {
        return promise(() -> {
            interrupted = false;
            begun = null;
            GenerationRequest wanted = request(JsonValue.parse("request", request));
            if (!Generation.isReadInSteps(wanted.prompt().size())) {
                settled();
            }
            return finished(loaded().session().generate(wanted, () -> interrupted, text::accept));
        });
    }

    /** Whether a generation broke in its middle, so that {@link #resume} can take it up. */
    @JSExport
    public static boolean broken() {
        var last = begun;
        return last != null && !last.done();
    }

    /**
     * Goes on with the generation that broke, on what is loaded now; text that was given is not given again. What it
     * answers is as {@link #generate} would have answered.
     */
    @JSExport
    public static JSPromise<JSString> resume() {
        return promise(() -> {
            settled();
            return finished(loaded().session().resume(Objects.requireNonNull(begun, "no generation has broken")));
        });
    }

    /** Waits for all kernels. */
    private static void settled() {
        Objects.requireNonNull(gpu, "no device is open").settle();
    }

    private static String finished(Generation generation) {
        begun = generation;
        busy = true;
        try {
            generation.finish();
        } finally {
            busy = false;
        }
        begun = null;
        if (gpu != null) {
            gpu.begin();
        }
        return JsonText.printLine(answer(generation));
    }

    /** Forgets the conversation: the next prompt is read from its beginning. Not while a generation runs. */
    @JSExport
    public static void reset() {
        if (engine != null) {
            engine.session().reset();
        }
    }

    /** Logits behind every token, row by row; the request is JSON with {@code tokens}. */
    @JSExport
    public static JSPromise<JSString> logits(String request, LogitsRow rows) {
        return promise(() -> {
            settled();
            loaded().session()
                    .score(ids(JsonValue.parse("request", request).field("tokens")), rows::accept)
                    .finish();
            return "{}";
        });
    }

    /** Ends the generation that runs, after the piece of work that runs. */
    @JSExport
    public static void interrupt() {
        interrupted = true;
    }

    /** Frees what the engine has on the device. */
    @JSExport
    public static void close() {
        if (engine != null) {
            engine.close();
            engine = null;
        }
        gpu = null;
        opened = null;
    }

    private static JSPromise<JSString> promise(Promises.Waiting work) {
        return Promises.promise(work, KINDS);
    }

    private static GenerationRequest request(JsonValue json) {
        var tokenizer = loaded().tokenizer();
        List<Integer> prompt = json.has("tokens")
                ? ids(json.field("tokens"))
                : list(tokenizer.encode(json.field("prompt").text(), Tokenizer.Options.PROMPT));
        List<String> stops = json.has("stop") ? json.field("stop").list(JsonValue::text) : List.of();
        return new GenerationRequest(prompt, json.field("max_tokens").count(), sampling(json), stops);
    }

    /** How tokens are chosen: as the request says, and where it says nothing as everywhere. */
    private static Sampling sampling(JsonValue json) {
        var choice = new SamplingChoice(
                real(json, "temperature"),
                whole(json, "top_k"),
                real(json, "top_p"),
                real(json, "min_p"),
                real(json, "repeat_penalty"),
                whole(json, "repeat_last_n"),
                json.has("seed") ? (long) json.field("seed").number() : null);
        long drawn = (long) json.field("drawn_seed").number();
        return json.has("chat") ? choice.forChat(loaded().manifest().model().sampling(), drawn) : choice.forText(drawn);
    }

    private static @Nullable Float real(JsonValue json, String name) {
        return json.has(name) ? (float) json.field(name).number() : null;
    }

    private static @Nullable Integer whole(JsonValue json, String name) {
        return json.has(name)
                ? (int) Math.min(Integer.MAX_VALUE, json.field(name).number())
                : null;
    }

    private static List<Integer> list(int[] ids) {
        List<Integer> list = new ArrayList<>(ids.length);
        for (int id : ids) {
            list.add(id);
        }
        return list;
    }

    private static List<Integer> ids(JsonValue json) {
        return json.list(JsonValue::count);
    }

    private static Map<String, Object> answer(Generation generation) {
        var figures = generation.statistics();
        var answer = new LinkedHashMap<String, Object>();
        answer.put("text", generation.text());
        answer.put("tokens", generation.tokens());
        answer.put("stop_reason", generation.stopReason().text());
        answer.put("notice", generation.notice());
        if (!generation.sampling().isGreedy()) {
            answer.put("seed", generation.sampling().seed());
        }
        answer.put("prompt_tokens", figures.promptTokens());
        answer.put("reused_tokens", figures.reusedTokens());
        answer.put("generated_tokens", figures.generatedTokens());
        answer.put("time_to_first_token_seconds", figures.timeToFirstTokenSeconds());
        answer.put("prefill_tokens_per_second", figures.prefillTokensPerSecond());
        answer.put("decode_tokens_per_second", figures.decodeTokensPerSecond());
        return answer;
    }

    private static Engine loaded() {
        return Objects.requireNonNull(engine, "no model is loaded");
    }

    private static String kind(RuntimeException problem) {
        return switch (problem) {
            case GpuException refused -> word(refused.kind());
            case BundleException bundle -> "bundle";
            case PromptException prompt -> "prompt";
            case NotFiniteException failure -> "arithmetic";
            case ChatTemplateException template -> "chat";
            case IllegalArgumentException argument -> "request";
            default -> "internal";
        };
    }

    private static String word(GpuException.Kind kind) {
        return switch (kind) {
            case NO_DEVICE -> "no_device";
            case VALIDATION -> "validation";
            case OUT_OF_MEMORY -> "out_of_memory";
            case DEVICE_LOST -> "device_lost";
            case INTERNAL -> "internal";
        };
    }
}
