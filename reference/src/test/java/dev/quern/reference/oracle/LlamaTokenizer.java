package dev.quern.reference.oracle;

import static dev.quern.reference.oracle.LlamaLibrary.MODEL_PARAMETERS;
import static dev.quern.reference.oracle.LlamaLibrary.NULL;
import static dev.quern.reference.oracle.LlamaLibrary.call;
import static dev.quern.reference.oracle.LlamaLibrary.notNull;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** The tokenizer of a model file in llama.cpp. The file need not hold tensors. */
public final class LlamaTokenizer implements AutoCloseable {
    private final LlamaLibrary library;
    private final MemorySegment model;
    private final MemorySegment vocabulary;
    private final MethodHandle tokenize;

    private LlamaTokenizer(LlamaLibrary library, MemorySegment model) {
        this.library = library;
        this.model = model;
        vocabulary = (MemorySegment) notNull(
                call(library.function("llama_model_get_vocab", FunctionDescriptor.of(ADDRESS, ADDRESS)), model));
        tokenize = library.function(
                "llama_tokenize",
                FunctionDescriptor.of(
                        JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_BOOLEAN, JAVA_BOOLEAN));
    }

    /**
     * Loads the vocabulary of a file; skips or fails the running test where llama.cpp cannot be had.
     *
     * @param file a GGUF file
     */
    public static LlamaTokenizer open(Path file) {
        LlamaLibrary library = LlamaLibrary.require();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = library.structure("llama_model_default_params", MODEL_PARAMETERS, arena);
            parameters.set(JAVA_BOOLEAN, MODEL_PARAMETERS.byteOffset(PathElement.groupElement("vocab_only")), true);
            MemorySegment model = (MemorySegment) notNull(call(
                    library.function(
                            "llama_model_load_from_file", FunctionDescriptor.of(ADDRESS, ADDRESS, MODEL_PARAMETERS)),
                    arena.allocateFrom(file.toString()),
                    parameters));
            if (model.equals(NULL)) {
                throw new IllegalArgumentException("llama.cpp does not load " + file + ": " + library.takeMessages());
            }
            return new LlamaTokenizer(library, model);
        }
    }

    /**
     * The ids of a text.
     *
     * @param addSpecial whether the tokens are added that the model expects at the beginning and the end
     * @param parseSpecial whether control tokens in the text are taken as such
     */
    public int[] tokenize(byte[] text, boolean addSpecial, boolean parseSpecial) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Math.max(1, text.length));
            MemorySegment.copy(text, 0, bytes, JAVA_BYTE, 0, text.length);
            int room = text.length + 16;
            MemorySegment ids = arena.allocate((long) room * Integer.BYTES, ValueLayout.JAVA_INT.byteAlignment());
            int count =
                    (int) notNull(call(tokenize, vocabulary, bytes, text.length, ids, room, addSpecial, parseSpecial));
            if (count < 0) {
                throw new IllegalStateException("llama.cpp makes " + -count + " tokens of " + text.length + " bytes");
            }
            return ids.asSlice(0, (long) count * Integer.BYTES).toArray(JAVA_INT);
        }
    }

    @Override
    public void close() {
        call(library.function("llama_model_free", FunctionDescriptor.ofVoid(ADDRESS)), model);
    }
}
