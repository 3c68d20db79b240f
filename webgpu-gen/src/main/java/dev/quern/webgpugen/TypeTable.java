package dev.quern.webgpugen;

import dev.quern.webgpugen.Declaration.Alias;
import dev.quern.webgpugen.Declaration.Constant;
import dev.quern.webgpugen.Declaration.Enumeration;
import dev.quern.webgpugen.Declaration.Function;
import dev.quern.webgpugen.Declaration.Handle;
import dev.quern.webgpugen.Declaration.Structure;
import dev.quern.webgpugen.Declaration.TypeUse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All declarations by name, and what the types they mention are. Later declarations replace earlier ones of their name.
 */
final class TypeTable {
    private final Map<String, Declaration> declarations = new LinkedHashMap<>();

    TypeTable(List<Declaration> declarations) {
        declarations.forEach(declaration -> this.declarations.put(declaration.name(), declaration));
    }

    Collection<Declaration> declarations() {
        return declarations.values();
    }

    @Nullable
    Declaration find(String name) {
        return declarations.get(name);
    }

    /**
     * What a mentioned type is.
     *
     * @throws HeaderException where the name is neither a type of C that is known nor declared in the headers
     */
    CType resolve(TypeUse use) {
        if (use.pointers() > 0) {
            return new CType.Pointer(new CType.TypeMention(use.name() + " *".repeat(use.pointers())));
        }
        return switch (use.name()) {
            case "void" -> CType.Scalar.VOID;
            case "WGPUBool" -> CType.Scalar.BOOL;
            case "char", "int8_t", "uint8_t" -> CType.Scalar.INT8;
            case "int16_t", "uint16_t" -> CType.Scalar.INT16;
            case "int", "int32_t", "uint32_t" -> CType.Scalar.INT32;
            case "int64_t", "uint64_t", "size_t" -> CType.Scalar.INT64;
            case "float" -> CType.Scalar.FLOAT;
            case "double" -> CType.Scalar.DOUBLE;
            default -> declared(use.name());
        };
    }

    private CType declared(String name) {
        return switch (declarations.get(name)) {
            case Alias alias -> resolve(alias.target());
            case Handle handle -> new CType.Pointer(new CType.TypeMention(name));
            case Declaration.Callback callback -> new CType.Pointer(new CType.TypeMention(name));
            case Enumeration enumeration -> new CType.Enumerated(name);
            case Structure structure -> new CType.Structured(name, layout(structure));
            case Function function ->
                throw new HeaderException(name + " is a function, but stands where a type is wanted.");
            case Constant constant ->
                throw new HeaderException(name + " is a constant, but stands where a type is wanted.");
            case null -> throw new HeaderException("The headers mention the type " + name + " and declare it nowhere.");
        };
    }

    StructureLayout layout(Structure structure) {
        return StructureLayout.of(
                structure.fields(),
                structure.fields().stream().map(field -> resolve(field.type())).toList(),
                structure.union());
    }
}
