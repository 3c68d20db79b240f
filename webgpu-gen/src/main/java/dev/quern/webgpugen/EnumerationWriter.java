package dev.quern.webgpugen;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes enumerations, sets of flags and constants. */
record EnumerationWriter(JavaTypes types) {
    /** The value by which the headers force an enumeration to 32 bits; it means nothing. */
    private static final String WIDTH_MARK = "_Force32";

    TypeSpec write(Declaration.Enumeration enumeration) {
        var name = types.named(enumeration.name());
        var type = TypeSpec.enumBuilder(name)
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("$L", Comments.javadoc(enumeration.name(), enumeration.comment()));
        for (Declaration.Enumerator enumerator : enumeration.enumerators()) {
            if (!enumerator.name().endsWith(WIDTH_MARK)) {
                type.addEnumConstant(
                        JavaNames.constant(enumerator.name()),
                        TypeSpec.anonymousClassBuilder("$L", hexadecimal(enumerator.value()))
                                .addJavadoc("$L", Comments.javadoc(enumerator.name(), enumerator.comment()))
                                .build());
            }
        }
        return type.addField(FieldSpec.builder(
                                ArrayTypeName.of(name), "VALUES", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                        .initializer("values()")
                        .build())
                .addField(TypeName.INT, "value", Modifier.PRIVATE, Modifier.FINAL)
                .addMethod(MethodSpec.constructorBuilder()
                        .addParameter(TypeName.INT, "value")
                        .addStatement("this.value = value")
                        .build())
                .addMethod(MethodSpec.methodBuilder("value")
                        .addJavadoc("The value in C.\n")
                        .addModifiers(Modifier.PUBLIC)
                        .returns(TypeName.INT)
                        .addStatement("return value")
                        .build())
                .addMethod(MethodSpec.methodBuilder("fromValue")
                        .addJavadoc(
                                "The constant with a value in C.\n\n@throws IllegalArgumentException if there is none\n")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addParameter(TypeName.INT, "value")
                        .returns(name)
                        .beginControlFlow("for ($T constant : VALUES)", name)
                        .beginControlFlow("if (constant.value == value)")
                        .addStatement("return constant")
                        .endControlFlow()
                        .endControlFlow()
                        .addStatement(
                                "throw new $T($S + value)",
                                IllegalArgumentException.class,
                                enumeration.name() + " has no constant of value ")
                        .build())
                .build();
    }

    TypeSpec write(Declaration.Alias flags) {
        var type = constants(flags.name(), Comments.javadoc(flags.name(), flags.comment()));
        for (Declaration.Flag flag : flags.flags()) {
            if (!flag.name().endsWith(WIDTH_MARK)) {
                type.addField(FieldSpec.builder(TypeName.LONG, JavaNames.constant(flag.name()))
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                        .initializer("0x$LL", Long.toHexString(flag.value()))
                        .addJavadoc("$L", Comments.javadoc(flag.name(), flag.comment()))
                        .build());
            }
        }
        return type.build();
    }

    TypeSpec write(List<Declaration.Constant> constants) {
        var type = constants("WebGpuConstants", "The integer constants of the headers.\n");
        for (Declaration.Constant constant : constants) {
            TypeName width = constant.wide() ? TypeName.LONG : TypeName.INT;
            type.addField(FieldSpec.builder(width, constant.name())
                    .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                    .initializer(constant.wide() ? "$LL" : "$L", constant.value())
                    .addJavadoc("$L", Comments.javadoc(constant.name(), constant.comment()))
                    .build());
        }
        return type.build();
    }

    private TypeSpec.Builder constants(String name, String javadoc) {
        return TypeSpec.classBuilder(types.named(name))
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addJavadoc("$L", javadoc)
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build());
    }

    private static String hexadecimal(int value) {
        return "0x" + Integer.toHexString(value);
    }
}
