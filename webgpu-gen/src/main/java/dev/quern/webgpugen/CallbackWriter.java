package dev.quern.webgpugen;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import javax.lang.model.element.Modifier;

/**
 * Writes a functional interface for each callback, with a factory for the native function that calls it.
 *
 * <p>Nothing may be thrown through native frames (the machine would stop), so whatever a callback throws goes to the
 * uncaught-exception handler of its thread.
 */
record CallbackWriter(JavaTypes types, TypeTable table) {
    TypeSpec write(Declaration.Callback callback) {
        ClassName name = types.named(callback.name());
        CType result = table.resolve(callback.result());
        if (result != CType.Scalar.VOID) {
            throw new HeaderException("The callback " + callback.name() + " returns a value; only void is understood.");
        }
        var called = MethodSpec.methodBuilder("call")
                .addJavadoc("Called by the library; text and structures are valid during the call only.\n")
                .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT);
        var bridge = MethodSpec.methodBuilder("upcall")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .addParameter(name, "callback");
        var rawTypes = new ArrayList<CodeBlock>();
        var arguments = new ArrayList<CodeBlock>();
        rawTypes.add(CodeBlock.of("$T.class", name));
        for (Declaration.Parameter parameter : callback.parameters()) {
            CType type = table.resolve(parameter.type());
            String variable = JavaNames.variable(parameter.name());
            TypeName surface = JavaTypes.isText(type) ? ClassName.get(String.class) : types.surface(type);
            called.addParameter(surface, variable);
            bridge.addParameter(types.raw(type), variable);
            rawTypes.add(CodeBlock.of("$T.class", types.raw(type)));
            CodeBlock value = CodeBlock.of("$N", variable);
            arguments.add(
                    JavaTypes.isText(type)
                            ? CodeBlock.of("$T.text($L)", types.named(JavaTypes.STRING_VIEW), value)
                            : types.raise(type, value));
        }
        bridge.beginControlFlow("try")
                .addStatement("callback.call($L)", CodeBlock.join(arguments, ", "))
                .nextControlFlow("catch ($T failure)", Throwable.class)
                .addStatement("$T thread = $T.currentThread()", Thread.class, Thread.class)
                .addStatement("thread.getUncaughtExceptionHandler().uncaughtException(thread, failure)")
                .endControlFlow();
        return TypeSpec.interfaceBuilder(name)
                .addModifiers(Modifier.PUBLIC)
                .addAnnotation(FunctionalInterface.class)
                .addJavadoc("$L", Comments.javadoc(callback.name(), callback.comment()))
                .addField(FieldSpec.builder(
                                FunctionDescriptor.class,
                                "DESCRIPTOR",
                                Modifier.PUBLIC,
                                Modifier.STATIC,
                                Modifier.FINAL)
                        .addJavadoc("The types of the native function.\n")
                        .initializer(types.descriptor(
                                result,
                                callback.parameters().stream()
                                        .map(parameter -> table.resolve(parameter.type()))
                                        .toList()))
                        .build())
                .addMethod(called.build())
                .addMethod(MethodSpec.methodBuilder("stub")
                        .addJavadoc("The native function that calls {@code callback}; it lives as long as the arena.\n")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addParameter(Arena.class, "arena")
                        .addParameter(name, "callback")
                        .returns(MemorySegment.class)
                        .beginControlFlow("try")
                        .addStatement(
                                "$T upcall = $T.lookup().findStatic($T.class, $S, $T.methodType(void.class, $L))",
                                MethodHandle.class,
                                MethodHandles.class,
                                name,
                                "upcall",
                                MethodType.class,
                                CodeBlock.join(rawTypes, ", "))
                        .addStatement(
                                "return $T.nativeLinker().upcallStub(upcall.bindTo(callback), DESCRIPTOR, arena)",
                                Linker.class)
                        .nextControlFlow("catch ($T failure)", ReflectiveOperationException.class)
                        .addStatement("throw new $T(failure)", IllegalStateException.class)
                        .endControlFlow()
                        .build())
                .addMethod(bridge.build())
                .build();
    }
}
