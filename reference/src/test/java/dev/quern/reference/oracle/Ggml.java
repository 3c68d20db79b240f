package dev.quern.reference.oracle;

import static dev.quern.reference.oracle.LlamaLibrary.call;
import static dev.quern.reference.oracle.LlamaLibrary.notNull;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.quern.ir.Encoding;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * ggml's own codecs: the functions of {@code libggml-base} that turn blocks into floats, and those that its tools
 * quantise models with. The library is compiled for the baseline of x86-64, so that no processor contracts its products
 * and sums.
 */
public final class Ggml {

    /** {@code struct ggml_type_traits}. */
    private static final StructLayout TRAITS = MemoryLayout.structLayout(
            ADDRESS.withName("type_name"),
            JAVA_LONG.withName("blck_size"),
            JAVA_LONG.withName("blck_size_interleave"),
            JAVA_LONG.withName("type_size"),
            JAVA_BOOLEAN.withName("is_quantized"),
            MemoryLayout.paddingLayout(7),
            ADDRESS.withName("to_float"),
            ADDRESS.withName("from_float_ref"));

    private static @Nullable Ggml loaded;

    private final Linker linker = Linker.nativeLinker();
    private final MethodHandle typeTraits;
    private final MethodHandle quantizeChunk;

    private Ggml(Path folder) {
        SymbolLookup base = SymbolLookup.libraryLookup(folder.resolve("libggml-base.so"), Arena.global());
        typeTraits = linker.downcallHandle(
                base.findOrThrow("ggml_get_type_traits"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
        quantizeChunk = linker.downcallHandle(
                base.findOrThrow("ggml_quantize_chunk"),
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS));
    }

    /** The library, loaded when first asked for; skips or fails the running test where it cannot be had. */
    public static synchronized Ggml require() {
        if (loaded == null) {
            loaded = new Ggml(OracleFolder.require());
        }
        return loaded;
    }

    /**
     * Elements of whole blocks as ggml decodes them.
     *
     * @param blocks in native memory
     * @param elements in native memory, receives four bytes an element
     */
    void decode(Encoding encoding, MemorySegment blocks, MemorySegment elements) {
        MemorySegment traits = traits(encoding);
        MemorySegment function = traits.get(ADDRESS, TRAITS.byteOffset(PathElement.groupElement("to_float")));
        if (function.equals(MemorySegment.NULL)) {
            if (encoding != Encoding.Scalar.F32) {
                throw new IllegalStateException("ggml decodes no " + encoding.text() + ".");
            }
            // ggml reads floats as they are.
            elements.copyFrom(blocks);
            return;
        }
        call(
                linker.downcallHandle(function, FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_LONG)),
                blocks,
                elements,
                elements.byteSize() / Float.BYTES);
    }

    /** Elements of whole blocks as ggml decodes them. */
    public float[] decode(Encoding encoding, byte[] blocks) {
        long count = blocks.length / encoding.bytes() * (long) encoding.elements();
        if (encoding.bytesOf(count) != blocks.length) {
            throw new IllegalArgumentException(blocks.length + " bytes are not whole blocks of " + encoding.text());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(blocks.length, 16).copyFrom(MemorySegment.ofArray(blocks));
            MemorySegment target = arena.allocate(JAVA_FLOAT, count);
            decode(encoding, source, target);
            return target.toArray(JAVA_FLOAT);
        }
    }

    /**
     * Rows of finite elements as ggml's tools quantise them where they know nothing of the importance of columns.
     *
     * @param columns elements of a row, a multiple of the elements of a block
     * @return the encoded rows
     */
    public byte[] encode(Encoding encoding, float[] elements, int columns) {
        if (columns % encoding.elements() != 0 || elements.length % columns != 0) {
            throw new IllegalArgumentException(
                    elements.length + " elements are no rows of " + columns + " in " + encoding.text());
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocateFrom(JAVA_FLOAT, elements);
            MemorySegment target = arena.allocate(encoding.bytesOf(elements.length), 16);
            long written = (long) notNull(call(
                    quantizeChunk,
                    type(encoding),
                    source,
                    target,
                    0L,
                    (long) (elements.length / columns),
                    (long) columns,
                    MemorySegment.NULL));
            if (written != target.byteSize()) {
                throw new IllegalStateException("ggml wrote " + written + " bytes of " + encoding.text()
                        + " where there should be " + target.byteSize());
            }
            return target.toArray(JAVA_BYTE);
        }
    }

    /**
     * The facts that ggml has on an encoding, of which name and sizes must be ours, or the numbers of types have
     * changed.
     */
    private MemorySegment traits(Encoding encoding) {
        MemorySegment found = (MemorySegment) notNull(call(typeTraits, type(encoding)));
        MemorySegment traits = found.reinterpret(TRAITS.byteSize());
        String name = traits.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
        long[] sizes = {
            traits.get(JAVA_LONG, TRAITS.byteOffset(PathElement.groupElement("blck_size"))),
            traits.get(JAVA_LONG, TRAITS.byteOffset(PathElement.groupElement("type_size")))
        };
        if (!name.equalsIgnoreCase(encoding.text())
                || !Arrays.equals(sizes, new long[] {encoding.elements(), encoding.bytes()})) {
            throw new IllegalStateException("type " + type(encoding) + " of ggml is " + name + " with blocks of "
                    + sizes[0] + " elements in " + sizes[1] + " bytes, not " + encoding.text() + ".");
        }
        return traits;
    }

    /** The number of an encoding among the types of ggml. */
    private static int type(Encoding encoding) {
        return switch (encoding) {
            case Encoding.Scalar scalar ->
                switch (scalar) {
                    case F32 -> 0;
                    case F16 -> 1;
                    case BF16 -> 30;
                    case U32 -> throw new IllegalArgumentException("ggml has no u32.");
                };
            case Encoding.Block block ->
                switch (block) {
                    case Q4_0 -> 2;
                    case Q4_1 -> 3;
                    case Q5_0 -> 6;
                    case Q5_1 -> 7;
                    case Q8_0 -> 8;
                    case Q2_K -> 10;
                    case Q3_K -> 11;
                    case Q4_K -> 12;
                    case Q5_K -> 13;
                    case Q6_K -> 14;
                    case IQ4_NL -> 20;
                    case IQ4_XS -> 23;
                    case MXFP4 -> 39;
                };
        };
    }
}
