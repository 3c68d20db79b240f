package dev.quern.webgpugen;

/** What a C type is in memory and in a call, once all other names for it are followed. */
sealed interface CType {
    /** A number, or a truth value kept in 32 bits. */
    enum Scalar implements CType {
        VOID(0),
        BOOL(4),
        INT8(1),
        INT16(2),
        INT32(4),
        INT64(8),
        FLOAT(4),
        DOUBLE(8);

        private final long size;

        Scalar(long size) {
            this.size = size;
        }
    }

    /** An address: of data, of a function, or of an opaque object. */
    record Pointer(TypeMention mention) implements CType {}

    /** What a pointer leads to, for documentation. */
    record TypeMention(String description) {}

    /** An enumeration, 32 bits wide. */
    record Enumerated(String name) implements CType {}

    /** A structure, held or passed by value. */
    record Structured(String name, StructureLayout layout) implements CType {}

    /** Bytes in memory. */
    default long size() {
        return switch (this) {
            case Scalar scalar -> scalar.size;
            case Pointer pointer -> 8;
            case Enumerated enumerated -> 4;
            case Structured structured -> structured.layout().size();
        };
    }

    /** The alignment in memory, in bytes. */
    default long alignment() {
        return this instanceof Structured structured ? structured.layout().alignment() : size();
    }
}
