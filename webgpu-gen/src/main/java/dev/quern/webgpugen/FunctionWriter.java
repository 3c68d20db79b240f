package dev.quern.webgpugen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/**
 * Writes the one class that holds all functions, each a static method over a method handle in a constant of a class of
 * its own.
 */
record FunctionWriter(JavaTypes types, TypeTable table) {
    static final String CLASS_NAME = "WebGpu";

    /** What the names of all functions begin with. */
    private static final String PREFIX = "wgpu";

    private static final String HANDLE = "HANDLE";

    TypeSpec write(List<Declaration.Function> functions) {
        var type = TypeSpec.classBuilder(types.named(CLASS_NAME))
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addJavadoc("""
                    The functions of the library, which has to be loaded before this class is first used.

                    <p>Where C returns a structure by value, the method takes an allocator for it first. Objects and pointers are
                    memory segments; where C takes null, give {@link $T#NULL}.
                    """, MemorySegment.class)
                .addField(constant(Linker.class, "LINKER", CodeBlock.of("$T.nativeLinker()", Linker.class)))
                .addField(
                        constant(SymbolLookup.class, "SYMBOLS", CodeBlock.of("$T.loaderLookup()", SymbolLookup.class)));
        for (Declaration.Function function : functions) {
            // A class of its own for each: a function is linked when it is first called, since linking all takes long.
            type.addType(TypeSpec.classBuilder(holder(function))
                    .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                    .addField(constant(
                            MethodHandle.class,
                            HANDLE,
                            CodeBlock.of("handle($S, $L)", function.name(), descriptor(function))))
                    .build());
        }
        type.addMethod(
                MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
        functions.forEach(function -> type.addMethod(method(function)));
        return type.addMethod(MethodSpec.methodBuilder("handle")
                        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                        .addParameter(String.class, "name")
                        .addParameter(FunctionDescriptor.class, "descriptor")
                        .returns(MethodHandle.class)
                        .addStatement("return LINKER.downcallHandle(SYMBOLS.findOrThrow(name), descriptor)")
                        .build())
                .addMethod(MethodSpec.methodBuilder("unexpected")
                        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                        .addParameter(String.class, "name")
                        .addParameter(Throwable.class, "cause")
                        .returns(IllegalStateException.class)
                        .addStatement(
                                "return new $T(name + $S, cause)", IllegalStateException.class, " could not be called")
                        .build())
                .build();
    }

    private MethodSpec method(Declaration.Function function) {
        CType result = table.resolve(function.result());
        var method = MethodSpec.methodBuilder(function.name())
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("$L", Comments.javadoc(function.name(), function.comment()))
                .returns(types.surface(result));
        var arguments = new ArrayList<CodeBlock>();
        if (result instanceof CType.Structured) {
            method.addParameter(SegmentAllocator.class, "allocator");
            arguments.add(CodeBlock.of("allocator"));
        }
        for (Declaration.Parameter parameter : function.parameters()) {
            CType type = table.resolve(parameter.type());
            String name = JavaNames.variable(parameter.name());
            method.addParameter(types.surface(type), name);
            arguments.add(types.lower(type, CodeBlock.of("$N", name)));
        }
        CodeBlock call =
                CodeBlock.of("$N.$N.invokeExact($L)", holder(function), HANDLE, CodeBlock.join(arguments, ", "));
        method.beginControlFlow("try");
        if (result == CType.Scalar.VOID) {
            method.addStatement(call);
        } else {
            CodeBlock cast = CodeBlock.of("($T) $L", types.raw(result), call);
            method.addStatement("return $L", types.raise(result, cast));
        }
        return method.nextControlFlow("catch ($T failure)", Throwable.class)
                .addStatement("throw unexpected($S, failure)", function.name())
                .endControlFlow()
                .build();
    }

    private CodeBlock descriptor(Declaration.Function function) {
        return types.descriptor(
                table.resolve(function.result()),
                function.parameters().stream()
                        .map(parameter -> table.resolve(parameter.type()))
                        .toList());
    }

    /** {@code CreateInstance} for {@code wgpuCreateInstance}. */
    private static String holder(Declaration.Function function) {
        return function.name().substring(PREFIX.length());
    }

    private static FieldSpec constant(Class<?> type, String name, CodeBlock value) {
        return FieldSpec.builder(ClassName.get(type), name, Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer(value)
                .build();
    }
}
