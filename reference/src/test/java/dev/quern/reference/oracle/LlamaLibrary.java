package dev.quern.reference.oracle;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The functions and structures of llama.h 0.5.0 that {@link LlamaCpp} uses. Loaded once, for the life of the process,
 * with the one backend that lies in the folder.
 */
final class LlamaLibrary {

    /** {@code struct llama_model_params}. */
    static final StructLayout MODEL_PARAMETERS = MemoryLayout.structLayout(
            ADDRESS.withName("devices"),
            ADDRESS.withName("tensor_buft_overrides"),
            JAVA_INT.withName("n_gpu_layers"),
            JAVA_INT.withName("split_mode"),
            JAVA_INT.withName("load_mode"),
            JAVA_INT.withName("lazy_mode"),
            JAVA_INT.withName("main_gpu"),
            MemoryLayout.paddingLayout(4),
            ADDRESS.withName("tensor_split"),
            ADDRESS.withName("progress_callback"),
            ADDRESS.withName("progress_callback_user_data"),
            ADDRESS.withName("kv_overrides"),
            JAVA_BOOLEAN.withName("vocab_only"),
            JAVA_BOOLEAN.withName("check_tensors"),
            JAVA_BOOLEAN.withName("use_extra_bufts"),
            JAVA_BOOLEAN.withName("no_host"),
            JAVA_BOOLEAN.withName("no_alloc"),
            JAVA_BOOLEAN.withName("load_mtp"),
            MemoryLayout.paddingLayout(2));

    /** {@code struct llama_context_params}. */
    static final StructLayout CONTEXT_PARAMETERS = MemoryLayout.structLayout(
            JAVA_INT.withName("n_ctx"),
            JAVA_INT.withName("n_batch"),
            JAVA_INT.withName("n_ubatch"),
            JAVA_INT.withName("n_seq_max"),
            JAVA_INT.withName("n_rs_seq"),
            JAVA_INT.withName("n_outputs_max"),
            JAVA_INT.withName("n_outputs_max_per_seq"),
            JAVA_INT.withName("n_threads"),
            JAVA_INT.withName("n_threads_batch"),
            JAVA_INT.withName("ctx_type"),
            JAVA_INT.withName("rope_scaling_type"),
            JAVA_INT.withName("pooling_type"),
            JAVA_INT.withName("attention_type"),
            JAVA_INT.withName("flash_attn_type"),
            JAVA_FLOAT.withName("rope_freq_base"),
            JAVA_FLOAT.withName("rope_freq_scale"),
            JAVA_FLOAT.withName("yarn_ext_factor"),
            JAVA_FLOAT.withName("yarn_attn_factor"),
            JAVA_FLOAT.withName("yarn_beta_fast"),
            JAVA_FLOAT.withName("yarn_beta_slow"),
            JAVA_INT.withName("yarn_orig_ctx"),
            JAVA_FLOAT.withName("defrag_thold"),
            ADDRESS.withName("cb_eval"),
            ADDRESS.withName("cb_eval_user_data"),
            JAVA_INT.withName("type_k"),
            JAVA_INT.withName("type_v"),
            ADDRESS.withName("abort_callback"),
            ADDRESS.withName("abort_callback_data"),
            JAVA_BOOLEAN.withName("embeddings"),
            JAVA_BOOLEAN.withName("offload_kqv"),
            JAVA_BOOLEAN.withName("no_perf"),
            JAVA_BOOLEAN.withName("op_offload"),
            JAVA_BOOLEAN.withName("swa_full"),
            JAVA_BOOLEAN.withName("kv_unified"),
            MemoryLayout.paddingLayout(2),
            ADDRESS.withName("samplers"),
            JAVA_LONG.withName("n_samplers"),
            ADDRESS.withName("ctx_other"));

    /** {@code struct llama_batch}. */
    static final StructLayout BATCH = MemoryLayout.structLayout(
            JAVA_INT.withName("n_tokens"),
            MemoryLayout.paddingLayout(4),
            ADDRESS.withName("token"),
            ADDRESS.withName("embd"),
            ADDRESS.withName("pos"),
            ADDRESS.withName("n_seq_id"),
            ADDRESS.withName("seq_id"),
            ADDRESS.withName("logits"));

    private static final int LEVEL_ERROR = 4;
    private static final int MESSAGES_KEPT = 8;

    private static @Nullable LlamaLibrary loaded;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup llama;
    private final Deque<String> messages = new ArrayDeque<>();

    private LlamaLibrary(Path folder) {
        Arena forever = Arena.global();
        SymbolLookup ggml = SymbolLookup.libraryLookup(folder.resolve("libggml.v0.5.0.so"), forever);
        llama = SymbolLookup.libraryLookup(folder.resolve("libllama.v0.5.0.so"), forever);
        call(function("llama_log_set", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS)), logCallback(forever), NULL);
        MethodHandle loadBackends = linker.downcallHandle(
                ggml.findOrThrow("ggml_backend_load_all_from_path"), FunctionDescriptor.ofVoid(ADDRESS));
        call(loadBackends, forever.allocateFrom(folder.toString()));
    }

    static final MemorySegment NULL = MemorySegment.NULL;

    /** The library, loaded when first asked for; skips or fails the running test where it cannot be had. */
    static synchronized LlamaLibrary require() {
        if (loaded == null) {
            loaded = new LlamaLibrary(OracleFolder.require());
        }
        return loaded;
    }

    /** A function by its name in llama.h. */
    MethodHandle function(String name, FunctionDescriptor descriptor) {
        return linker.downcallHandle(llama.findOrThrow(name), descriptor);
    }

    /** Calls a function, whose result is null where it is void. */
    static @Nullable Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The structure that a function without parameters gives, in memory of the arena. */
    MemorySegment structure(String name, StructLayout layout, Arena arena) {
        MethodHandle function = function(name, FunctionDescriptor.of(layout));
        return (MemorySegment) notNull(call(function, (SegmentAllocator) arena));
    }

    /** The last messages of errors, for the text of an exception; forgets them. */
    synchronized String takeMessages() {
        String text = String.join(" ", messages).strip();
        messages.clear();
        return text.isEmpty() ? "(it gave no reason)" : text;
    }

    static Object notNull(@Nullable Object result) {
        if (result == null) {
            throw new IllegalStateException("a function of llama.cpp that gives a result gave none.");
        }
        return result;
    }

    private MemorySegment logCallback(Arena arena) {
        try {
            MethodHandle target = MethodHandles.lookup()
                    .bind(
                            this,
                            "log",
                            MethodType.methodType(void.class, int.class, MemorySegment.class, MemorySegment.class));
            return linker.upcallStub(target, FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS), arena);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("UnusedMethod") // Called by llama.cpp.
    private synchronized void log(int level, MemorySegment text, MemorySegment ignored) {
        if (level == LEVEL_ERROR) {
            if (messages.size() == MESSAGES_KEPT) {
                messages.removeFirst();
            }
            messages.addLast(text.reinterpret(Long.MAX_VALUE).getString(0).strip());
        }
    }
}
