package dev.quern.webgpugen;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import javax.lang.model.element.Modifier;

/**
 * Writes a class of static methods for each structure: its layout, how to allocate it, and how to read and write
 * fields.
 */
record StructureWriter(JavaTypes types, TypeTable table) {
    TypeSpec write(Declaration.Structure structure) {
        StructureLayout layout = table.layout(structure);
        var type = TypeSpec.classBuilder(types.named(structure.name()))
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addJavadoc("$L", Comments.javadoc(structure.name(), structure.comment()))
                .addField(
                        FieldSpec.builder(GroupLayout.class, "LAYOUT", Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                                .addJavadoc("The layout, $L bytes.\n", layout.size())
                                .initializer(types.structureLayout(layout, structure.union()))
                                .build())
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build())
                .addMethod(method("allocate", "A structure of zeros.\n")
                        .addParameter(SegmentAllocator.class, "allocator")
                        .returns(MemorySegment.class)
                        .addStatement("return allocator.allocate(LAYOUT).fill((byte) 0)")
                        .build())
                .addMethod(method("allocate", "An array of structures of zeros.\n")
                        .addParameter(SegmentAllocator.class, "allocator")
                        .addParameter(TypeName.LONG, "count")
                        .returns(MemorySegment.class)
                        .addStatement("return allocator.allocate(LAYOUT, count).fill((byte) 0)")
                        .build())
                .addMethod(method("at", "The structure at an index of an array.\n")
                        .addParameter(MemorySegment.class, "array")
                        .addParameter(TypeName.LONG, "index")
                        .returns(MemorySegment.class)
                        .addStatement("return array.asSlice(index * $LL, $LL)", layout.size(), layout.size())
                        .build());
        layout.members().forEach(member -> accessors(member, type));
        if (structure.name().equals(JavaTypes.STRING_VIEW)) {
            text(type);
        }
        return type.build();
    }

    private void accessors(StructureLayout.Member member, TypeSpec.Builder type) {
        String name = member.field().name();
        String javadoc = Comments.javadoc(name, member.field().comment());
        CType fieldType = member.type();
        var layout = types.layout(fieldType);
        var structure = CodeBlock.of("structure");
        if (fieldType instanceof CType.Structured) {
            type.addMethod(getter(name, javadoc, fieldType)
                    .addStatement("return $L.asSlice($LL, $LL)", structure, member.offset(), fieldType.size())
                    .build());
            if (JavaTypes.isText(fieldType)) {
                type.addMethod(method(JavaNames.variable(name), javadoc)
                        .addParameter(MemorySegment.class, "structure")
                        .addParameter(SegmentAllocator.class, "allocator")
                        .addParameter(String.class, "text")
                        .addStatement(
                                "$T.set($L(structure), allocator, text)",
                                types.named(JavaTypes.STRING_VIEW),
                                JavaNames.variable(name))
                        .build());
            }
            return;
        }
        var read = CodeBlock.of("structure.get($L, $LL)", layout, member.offset());
        type.addMethod(getter(name, javadoc, fieldType)
                .addStatement("return $L", types.raise(fieldType, read))
                .build());
        var value = CodeBlock.of("value");
        type.addMethod(setter(name, javadoc, types.surface(fieldType))
                .addStatement("structure.set($L, $LL, $L)", layout, member.offset(), types.lower(fieldType, value))
                .build());
        if (fieldType instanceof CType.Enumerated) {
            type.addMethod(
                    setter(name, javadoc + "\n<p>For values that an extension adds to the enumeration.\n", TypeName.INT)
                            .addStatement("structure.set($L, $LL, value)", layout, member.offset())
                            .build());
        }
    }

    /** What only the structure for text has: to and from a string, in UTF-8. */
    private static void text(TypeSpec.Builder type) {
        type.addMethod(method("set", "Points the view at a copy of the text in UTF-8.\n")
                .addParameter(MemorySegment.class, "view")
                .addParameter(SegmentAllocator.class, "allocator")
                .addParameter(String.class, "text")
                .addStatement("byte[] bytes = text.getBytes($T.UTF_8)", StandardCharsets.class)
                .addStatement("data(view, allocator.allocateFrom($T.JAVA_BYTE, bytes))", ValueLayout.class)
                .addStatement("length(view, bytes.length)")
                .build());
        type.addMethod(method("text", "The text of a view; empty for a view of nothing.\n")
                .addParameter(MemorySegment.class, "view")
                .returns(String.class)
                .addStatement("$T data = data(view)", MemorySegment.class)
                .addStatement("long length = length(view)")
                .beginControlFlow("if (data.address() == 0)")
                .addStatement("return \"\"")
                .endControlFlow()
                .beginControlFlow("if (length == -1)")
                .addStatement("return data.reinterpret($T.MAX_VALUE).getString(0)", Long.class)
                .endControlFlow()
                .addStatement(
                        "return new $T(data.reinterpret(length).toArray($T.JAVA_BYTE), $T.UTF_8)",
                        String.class,
                        ValueLayout.class,
                        StandardCharsets.class)
                .build());
    }

    private static MethodSpec.Builder method(String name, String javadoc) {
        return MethodSpec.methodBuilder(name)
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("$L", javadoc);
    }

    private MethodSpec.Builder getter(String name, String javadoc, CType type) {
        return method(JavaNames.variable(name), javadoc)
                .addParameter(MemorySegment.class, "structure")
                .returns(types.surface(type));
    }

    private static MethodSpec.Builder setter(String name, String javadoc, TypeName type) {
        return method(JavaNames.variable(name), javadoc)
                .addParameter(MemorySegment.class, "structure")
                .addParameter(type, "value");
    }
}
