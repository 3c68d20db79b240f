package dev.quern.webgpugen;

import java.util.List;

/** One declaration of a header, with its C name and the text of the comment before it (empty where there is none). */
public sealed interface Declaration {
    /** The C name. */
    String name();

    /** The comment before the declaration, without its marks; lines are kept. */
    String comment();

    /** An integer constant defined by the preprocessor; {@code wide} where it has 64 bits. */
    record Constant(String name, long value, boolean wide, String comment) implements Declaration {}

    /** A pointer to something that is opaque: {@code typedef struct WGPUBufferImpl* WGPUBuffer}. */
    record Handle(String name, String comment) implements Declaration {}

    /** Another name of a type; a set of flags is one, and {@code flags} are its values. */
    record Alias(String name, TypeUse target, List<Flag> flags, String comment) implements Declaration {}

    /** One bit, or a union of bits, of a set of flags. */
    record Flag(String name, long value, String comment) {}

    /** A C enumeration, 32 bits wide. */
    record Enumeration(String name, List<Enumerator> enumerators, String comment) implements Declaration {}

    /** One value of an enumeration. */
    record Enumerator(String name, int value, String comment) {}

    /** A structure with its fields in memory order; in a union they all lie at its start. */
    record Structure(String name, List<Field> fields, boolean union, String comment) implements Declaration {}

    /** A field of a structure. */
    record Field(String name, TypeUse type, String comment) {}

    /** A pointer to a function that the library calls. */
    record Callback(String name, TypeUse result, List<Parameter> parameters, String comment) implements Declaration {}

    /** A function of the library. */
    record Function(String name, TypeUse result, List<Parameter> parameters, String comment) implements Declaration {}

    /** A parameter of a function or callback. */
    record Parameter(String name, TypeUse type) {}

    /**
     * The mention of a type: its name and how many pointers lead to it.
     *
     * @param nullable whether the header marks the pointer as one that may be null
     */
    record TypeUse(String name, int pointers, boolean nullable) {
        boolean isVoid() {
            return pointers == 0 && name.equals("void");
        }
    }
}
