package dev.quern.webgpugen;

import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.lang.model.element.Modifier;

/** Writes the Java sources of the bindings. */
public final class BindingWriter {
    private final JavaTypes types;
    private final String version;

    /**
     * A writer.
     *
     * @param packageName the package of the bindings
     * @param version the version of the library that the headers describe, such as {@code 29.0.1.1}
     */
    public BindingWriter(String packageName, String version) {
        types = new JavaTypes(packageName);
        this.version = version;
    }

    /**
     * The sources by class name.
     *
     * @param declarations of all headers together
     * @param wanted names of functions and types; what they mention is written too
     */
    public SortedMap<String, String> write(List<Declaration> declarations, List<String> wanted) {
        var table = new TypeTable(declarations);
        var enumerations = new EnumerationWriter(types);
        var structures = new StructureWriter(types, table);
        var callbacks = new CallbackWriter(types, table);
        var constants = new ArrayList<Declaration.Constant>();
        var functions = new ArrayList<Declaration.Function>();
        var specifications = new ArrayList<TypeSpec>();
        for (Declaration declaration : Selection.of(table, wanted)) {
            switch (declaration) {
                case Declaration.Constant constant -> constants.add(constant);
                case Declaration.Function function -> functions.add(function);
                case Declaration.Enumeration enumeration -> specifications.add(enumerations.write(enumeration));
                case Declaration.Structure structure -> specifications.add(structures.write(structure));
                case Declaration.Callback callback -> specifications.add(callbacks.write(callback));
                case Declaration.Alias alias -> {
                    if (!alias.flags().isEmpty()) {
                        specifications.add(enumerations.write(alias));
                    }
                }
                case Declaration.Handle handle -> {
                    // An opaque pointer is a plain memory segment in Java.
                }
            }
        }
        specifications.add(enumerations.write(constants));
        specifications.add(new FunctionWriter(types, table).write(functions));
        specifications.add(headers());
        var sources = new TreeMap<String, String>();
        specifications.forEach(specification -> sources.put(specification.name(), source(specification)));
        return sources;
    }

    private String source(TypeSpec specification) {
        return JavaFile.builder(types.packageName(), specification)
                .addFileComment("Written from the headers of wgpu-native $L. Do not edit.", version)
                .skipJavaLangImports(true)
                .indent("    ")
                .build()
                .toString();
    }

    private TypeSpec headers() {
        return TypeSpec.classBuilder(types.named("WebGpuHeaders"))
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addJavadoc("The headers from which the bindings were written.\n")
                .addField(FieldSpec.builder(String.class, "VERSION", Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                        .addJavadoc("The version of the library that they describe.\n")
                        .initializer("$S", version)
                        .build())
                .addField(FieldSpec.builder(
                                TypeName.INT, "VERSION_NUMBER", Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                        .addJavadoc(
                                "The same as the library reports it: one byte for each part, the first part highest.\n")
                        .initializer("0x$L", Integer.toHexString(versionNumber()))
                        .build())
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build())
                .build();
    }

    private int versionNumber() {
        String[] parts = version.split("\\.", -1);
        int number = 0;
        for (int i = 0; i < 4; i++) {
            number = number << 8 | (i < parts.length ? Integer.parseInt(parts[i]) : 0);
        }
        return number;
    }
}
