package dev.quern.reference.oracle;

import static dev.quern.reference.oracle.LlamaLibrary.BATCH;
import static dev.quern.reference.oracle.LlamaLibrary.CONTEXT_PARAMETERS;
import static dev.quern.reference.oracle.LlamaLibrary.MODEL_PARAMETERS;
import static dev.quern.reference.oracle.LlamaLibrary.NULL;
import static dev.quern.reference.oracle.LlamaLibrary.call;
import static dev.quern.reference.oracle.LlamaLibrary.notNull;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.quern.reference.Numerics;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A model in llama.cpp: one thread on the CPU, caches of 32-bit floats, no flash attention, no repacking of weights. On
 * quantised weights llama.cpp quantises the activations too; for a sharp comparison give it a model whose weights are
 * floats.
 */
public final class LlamaCpp implements AutoCloseable {
    private static final int TYPE_F32 = 0;
    private static final int TYPE_Q8_0 = 8;

    private final LlamaLibrary library;
    private final MemorySegment model;
    private final MemorySegment context;
    private final int vocabulary;
    private final int positions;

    private LlamaCpp(LlamaLibrary library, MemorySegment model, MemorySegment context, int vocabulary, int positions) {
        this.library = library;
        this.model = model;
        this.context = context;
        this.vocabulary = vocabulary;
        this.positions = positions;
    }

    /** Skips or fails the running test where llama.cpp cannot be had; {@link #open} does so too. */
    public static void require() {
        LlamaLibrary.require();
    }

    /**
     * Loads a model; skips or fails the running test where llama.cpp cannot be had.
     *
     * @param file a GGUF file
     * @param positions the number of tokens that can be decoded
     */
    public static LlamaCpp open(Path file, int positions) {
        return open(file, positions, false);
    }

    /**
     * The same with caches in blocks of q8_0, which llama.cpp has with flash attention only; queries become such blocks
     * too, on their way to the products with keys.
     */
    public static LlamaCpp withCachesOfBlocks(Path file, int positions) {
        return open(file, positions, true);
    }

    private static LlamaCpp open(Path file, int positions, boolean blocks) {
        LlamaLibrary library = LlamaLibrary.require();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = library.structure("llama_model_default_params", MODEL_PARAMETERS, arena);
            set(parameters, MODEL_PARAMETERS, "n_gpu_layers", 0);
            parameters.set(
                    JAVA_BOOLEAN, MODEL_PARAMETERS.byteOffset(PathElement.groupElement("use_extra_bufts")), false);
            MemorySegment model = (MemorySegment) notNull(call(
                    library.function(
                            "llama_model_load_from_file", FunctionDescriptor.of(ADDRESS, ADDRESS, MODEL_PARAMETERS)),
                    arena.allocateFrom(file.toString()),
                    parameters));
            if (model.equals(NULL)) {
                throw new IllegalArgumentException("llama.cpp does not load " + file + ": " + library.takeMessages());
            }
            MemorySegment context = context(library, model, positions, blocks, arena);
            if (context.equals(NULL)) {
                free(library, "llama_model_free", model);
                throw new IllegalArgumentException("llama.cpp makes no context of " + positions + " positions for "
                        + file + ": " + library.takeMessages());
            }
            return new LlamaCpp(library, model, context, vocabulary(library, model), positions);
        }
    }

    private static MemorySegment context(
            LlamaLibrary library, MemorySegment model, int positions, boolean blocks, Arena arena) {
        MemorySegment parameters = library.structure("llama_context_default_params", CONTEXT_PARAMETERS, arena);
        for (String count : List.of("n_ctx", "n_batch", "n_ubatch", "n_outputs_max", "n_outputs_max_per_seq")) {
            set(parameters, CONTEXT_PARAMETERS, count, positions);
        }
        set(parameters, CONTEXT_PARAMETERS, "n_threads", 1);
        set(parameters, CONTEXT_PARAMETERS, "n_threads_batch", 1);
        set(parameters, CONTEXT_PARAMETERS, "flash_attn_type", blocks ? 1 : 0);
        set(parameters, CONTEXT_PARAMETERS, "type_k", blocks ? TYPE_Q8_0 : TYPE_F32);
        set(parameters, CONTEXT_PARAMETERS, "type_v", blocks ? TYPE_Q8_0 : TYPE_F32);
        return (MemorySegment) notNull(call(
                library.function("llama_init_from_model", FunctionDescriptor.of(ADDRESS, ADDRESS, CONTEXT_PARAMETERS)),
                model,
                parameters));
    }

    private static int vocabulary(LlamaLibrary library, MemorySegment model) {
        Object tokens = call(library.function("llama_model_get_vocab", FunctionDescriptor.of(ADDRESS, ADDRESS)), model);
        return (int) notNull(call(
                library.function("llama_vocab_n_tokens", FunctionDescriptor.of(JAVA_INT, ADDRESS)), notNull(tokens)));
    }

    private static void set(MemorySegment structure, StructLayout layout, String field, int value) {
        structure.set(JAVA_INT, layout.byteOffset(PathElement.groupElement(field)), value);
    }

    /** The number of logits at each position. */
    public int vocabulary() {
        return vocabulary;
    }

    /** The logits after each of the tokens, which stand at the positions from 0 on. */
    public List<float[]> logits(int... tokens) {
        if (tokens.length < 1 || tokens.length > positions) {
            throw new IllegalArgumentException(
                    "from 1 to " + positions + " tokens can be decoded, not " + tokens.length + ".");
        }
        forget();
        return decode(tokens);
    }

    /** The {@code count} tokens that follow when the most likely one is taken each time. */
    public List<Integer> greedy(int[] prompt, int count) {
        List<Integer> chosen = new ArrayList<>();
        float[] last = logits(prompt).getLast();
        while (chosen.size() < count) {
            int token = Numerics.argMax(last);
            chosen.add(token);
            if (chosen.size() < count) {
                last = decode(new int[] {token}).getFirst();
            }
        }
        return List.copyOf(chosen);
    }

    private List<float[]> decode(int[] tokens) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] everywhere = new byte[tokens.length];
            Arrays.fill(everywhere, (byte) 1);
            MemorySegment batch = arena.allocate(BATCH);
            set(batch, BATCH, "n_tokens", tokens.length);
            batch.set(
                    ADDRESS, BATCH.byteOffset(PathElement.groupElement("token")), arena.allocateFrom(JAVA_INT, tokens));
            batch.set(
                    ADDRESS,
                    BATCH.byteOffset(PathElement.groupElement("logits")),
                    arena.allocateFrom(JAVA_BYTE, everywhere));
            int status = (int) notNull(call(
                    library.function("llama_decode", FunctionDescriptor.of(JAVA_INT, ADDRESS, BATCH)), context, batch));
            if (status != 0) {
                throw new IllegalStateException("llama.cpp did not decode " + tokens.length + " tokens (status "
                        + status + "): " + library.takeMessages());
            }
            List<float[]> rows = new ArrayList<>();
            for (int row = 0; row < tokens.length; row++) {
                rows.add(row(row));
            }
            return rows;
        }
    }

    private float[] row(int row) {
        MemorySegment logits = (MemorySegment) notNull(call(
                library.function("llama_get_logits_ith", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT)),
                context,
                row));
        if (logits.equals(NULL)) {
            throw new IllegalStateException(
                    "llama.cpp gives no logits for token " + row + ": " + library.takeMessages());
        }
        return logits.reinterpret((long) vocabulary * Float.BYTES).toArray(JAVA_FLOAT);
    }

    private void forget() {
        Object memory = call(library.function("llama_get_memory", FunctionDescriptor.of(ADDRESS, ADDRESS)), context);
        call(
                library.function("llama_memory_clear", FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN)),
                notNull(memory),
                true);
    }

    @Override
    public void close() {
        free(library, "llama_free", context);
        free(library, "llama_model_free", model);
    }

    private static void free(LlamaLibrary library, String function, MemorySegment segment) {
        call(library.function(function, FunctionDescriptor.ofVoid(ADDRESS)), segment);
    }
}
