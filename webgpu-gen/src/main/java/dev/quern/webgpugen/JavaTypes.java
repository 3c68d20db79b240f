package dev.quern.webgpugen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeName;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** How each C type looks in Java: on the generated surface, in a method handle, and as a layout. */
record JavaTypes(String packageName) {
    /** The structure for text; wherever one is received, Java sees a string. */
    static final String STRING_VIEW = "WGPUStringView";

    ClassName named(String name) {
        return ClassName.get(packageName, name);
    }

    /** The type that callers see. */
    TypeName surface(CType type) {
        return switch (type) {
            case CType.Scalar scalar ->
                switch (scalar) {
                    case VOID -> TypeName.VOID;
                    case BOOL -> TypeName.BOOLEAN;
                    case INT8 -> TypeName.BYTE;
                    case INT16 -> TypeName.SHORT;
                    case INT32 -> TypeName.INT;
                    case INT64 -> TypeName.LONG;
                    case FLOAT -> TypeName.FLOAT;
                    case DOUBLE -> TypeName.DOUBLE;
                };
            case CType.Enumerated enumerated -> named(enumerated.name());
            case CType.Pointer pointer -> ClassName.get(MemorySegment.class);
            case CType.Structured structured -> ClassName.get(MemorySegment.class);
        };
    }

    /** The type that a method handle sees: truth values and enumerations are integers there. */
    TypeName raw(CType type) {
        return type == CType.Scalar.BOOL || type instanceof CType.Enumerated ? TypeName.INT : surface(type);
    }

    /** The layout of a value of this type. */
    CodeBlock layout(CType type) {
        return switch (type) {
            case CType.Scalar scalar ->
                switch (scalar) {
                    case VOID -> throw new IllegalStateException("void has no layout");
                    case BOOL, INT32 -> value("JAVA_INT");
                    case INT8 -> value("JAVA_BYTE");
                    case INT16 -> value("JAVA_SHORT");
                    case INT64 -> value("JAVA_LONG");
                    case FLOAT -> value("JAVA_FLOAT");
                    case DOUBLE -> value("JAVA_DOUBLE");
                };
            case CType.Enumerated enumerated -> value("JAVA_INT");
            case CType.Pointer pointer -> value("ADDRESS");
            case CType.Structured structured -> CodeBlock.of("$T.LAYOUT", named(structured.name()));
        };
    }

    /** The layout of a structure, padding written out. */
    CodeBlock structureLayout(StructureLayout layout, boolean union) {
        var parts = new ArrayList<CodeBlock>();
        for (StructureLayout.Member member : layout.members()) {
            padding(member.padding(), parts);
            parts.add(CodeBlock.of(
                    "$L.withName($S)", layout(member.type()), member.field().name()));
        }
        padding(layout.paddingAtEnd(), parts);
        String factory = union ? "unionLayout" : "structLayout";
        return CodeBlock.of("$T.$L(\n$>$>$L$<$<)", MemoryLayout.class, factory, CodeBlock.join(parts, ",\n"));
    }

    /** The descriptor of a function's or callback's types. */
    CodeBlock descriptor(CType result, List<CType> parameters) {
        var layouts = new ArrayList<CodeBlock>();
        if (result != CType.Scalar.VOID) {
            layouts.add(layout(result));
        }
        parameters.forEach(parameter -> layouts.add(layout(parameter)));
        String factory = result == CType.Scalar.VOID ? "ofVoid" : "of";
        return CodeBlock.of("$T.$L($L)", FunctionDescriptor.class, factory, CodeBlock.join(layouts, ", "));
    }

    /** From what callers give to what a method handle takes. */
    CodeBlock lower(CType type, CodeBlock value) {
        if (type == CType.Scalar.BOOL) {
            return CodeBlock.of("$L ? 1 : 0", value);
        }
        return type instanceof CType.Enumerated ? CodeBlock.of("$L.value()", value) : value;
    }

    /** From what a method handle gives to what callers get. */
    CodeBlock raise(CType type, CodeBlock value) {
        if (type == CType.Scalar.BOOL) {
            return CodeBlock.of("$L != 0", value);
        }
        return type instanceof CType.Enumerated enumerated
                ? CodeBlock.of("$T.fromValue($L)", named(enumerated.name()), value)
                : value;
    }

    static boolean isText(CType type) {
        return type instanceof CType.Structured structured && structured.name().equals(STRING_VIEW);
    }

    private static CodeBlock value(String constant) {
        return CodeBlock.of("$T.$L", ValueLayout.class, constant);
    }

    private static void padding(long bytes, List<CodeBlock> parts) {
        if (bytes > 0) {
            parts.add(CodeBlock.of("$T.paddingLayout($L)", MemoryLayout.class, bytes));
        }
    }
}
