import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes the classes of a jar anew in the format of Java 8 where they are in an older one, as picocli's are: the
 * virtual machine keeps no class in its archive that it cannot verify without loading others, so all of these would be
 * read and verified at every start. What the classes do stays.
 *
 * <pre>java scripts/UpgradeClasses.java JAR...</pre>
 */
final class UpgradeClasses {
    /** The first format whose classes say what types their stack holds at each jump, and cannot do without. */
    private static final int JAVA_7 = 51;

    private static final ClassFileVersion JAVA_8 = ClassFileVersion.of(52, 0);

    private UpgradeClasses() {}

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            upgrade(Path.of(jar));
        }
    }

    private static void upgrade(Path jar) throws IOException {
        Path upgraded = jar.resolveSibling(jar.getFileName() + ".new");
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                var in = new ZipFile(jar.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(upgraded))) {
            ClassFile format = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            in.stream().forEach(entry -> {
                try {
                    byte[] bytes = in.getInputStream(entry).readAllBytes();
                    var copy = new ZipEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    out.putNextEntry(copy);
                    out.write(entry.getName().endsWith(".class") ? upgraded(format, bytes) : bytes);
                    out.closeEntry();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        Files.move(upgraded, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] upgraded(ClassFile format, byte[] bytes) {
        ClassModel model = format.parse(bytes);
        if (model.majorVersion() >= JAVA_7) {
            return bytes;
        }
        ClassTransform version =
                (builder, element) -> builder.with(element instanceof ClassFileVersion ? JAVA_8 : element);
        // Instructions are passed through one by one, since a method that is copied whole gets no such types.
        return format.transformClass(
                model,
                ClassTransform.transformingMethodBodies((builder, instruction) -> builder.with(instruction))
                        .andThen(version));
    }
}
