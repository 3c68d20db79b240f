package dev.quern.gguf;

import java.util.Optional;

/** The types of metadata values, with their numbers in a file. */
public enum ValueType {
    U8(0, "u8", 1),
    I8(1, "i8", 1),
    U16(2, "u16", 2),
    I16(3, "i16", 2),
    U32(4, "u32", 4),
    I32(5, "i32", 4),
    F32(6, "f32", 4),
    BOOL(7, "bool", 1),
    STRING(8, "string", 0),
    ARRAY(9, "array", 0),
    U64(10, "u64", 8),
    I64(11, "i64", 8),
    F64(12, "f64", 8);

    private final int id;
    private final String label;
    private final int bytes;

    ValueType(int id, String label, int bytes) {
        this.id = id;
        this.label = label;
        this.bytes = bytes;
    }

    /** The type's number in a file. */
    public int id() {
        return id;
    }

    /** The type's name for people, for example {@code u32}. */
    public String label() {
        return label;
    }

    /** The size of a value in bytes; 0 for strings and arrays, whose size varies. */
    public int bytes() {
        return bytes;
    }

    /** Whether values are integers (booleans are not). */
    public boolean isInteger() {
        return switch (this) {
            case U8, I8, U16, I16, U32, I32, U64, I64 -> true;
            case F32, F64, BOOL, STRING, ARRAY -> false;
        };
    }

    /** Whether values are floating-point numbers. */
    public boolean isFloat() {
        return this == F32 || this == F64;
    }

    /** The type with that number, if there is one. */
    public static Optional<ValueType> ofId(long id) {
        for (ValueType type : values()) {
            if (type.id == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
