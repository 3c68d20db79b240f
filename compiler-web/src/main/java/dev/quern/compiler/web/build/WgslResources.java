package dev.quern.compiler.web.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.teavm.extension.spi.resources.DefaultResourcesPolicy;

/**
 * Names the WGSL files, so that they become part of the WebAssembly module: there are no other files beside classes in
 * there.
 */
public final class WgslResources extends DefaultResourcesPolicy {
    private static final String FOLDER = "dev/quern/codegen/wgsl/";
    private static final String SUFFIX = ".wgsl";

    @Override
    public String[] supplyResources(Collection<? extends String> classNames) {
        URL folder = Objects.requireNonNull(
                environment().classLoader().getResource(FOLDER), "the class path has no folder " + FOLDER);
        try {
            List<String> files = folder.openConnection() instanceof JarURLConnection jar
                    ? inJar(jar.getJarFile())
                    : inFolder(Path.of(folder.toURI()));
            return files.toArray(String[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("not an address: " + folder, e);
        }
    }

    private static List<String> inJar(JarFile jar) {
        return jar.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.startsWith(FOLDER) && name.endsWith(SUFFIX))
                .sorted()
                .toList();
    }

    private static List<String> inFolder(Path folder) throws IOException {
        URI root = folder.toUri();
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .map(file -> FOLDER + root.relativize(file.toUri()).getPath())
                    .sorted()
                    .toList();
        }
    }
}
