package dev.quern.webgpugen;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The program: {@code WebGpuGenerator HEADERS OUTPUT PACKAGE}.
 *
 * <p>HEADERS is a folder with {@code webgpu.h}, {@code wgpu.h} and {@code VERSION}, a line with the version of the
 * library that they came with. OUTPUT is the root of a source tree. Files whose text would not change are left as they
 * are, so that a compiler that looks at times has nothing to do; files of the package that are no longer wanted are
 * deleted.
 */
public final class WebGpuGenerator {
    private WebGpuGenerator() {}

    /**
     * Runs the program.
     *
     * @throws HeaderException where a header is missing or cannot be read; its message is for people
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            throw new HeaderException(
                    "Three arguments are wanted: the folder of the headers, the root of the sources to write, "
                            + "and the package; found " + arguments.length + ".");
        }
        generate(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
    }

    private static void generate(Path headers, Path output, String packageName) throws IOException {
        var declarations = new ArrayList<Declaration>();
        for (String name : List.of("webgpu.h", "wgpu.h")) {
            declarations.addAll(HeaderReader.read(name, read(headers.resolve(name))));
        }
        String version = read(headers.resolve("VERSION")).strip();
        SortedMap<String, String> sources = new BindingWriter(packageName, version).write(declarations, names());
        Path folder = output.resolve(packageName.replace('.', '/'));
        Files.createDirectories(folder);
        for (var source : sources.entrySet()) {
            Path file = folder.resolve(source.getKey() + ".java");
            if (!Files.exists(file) || !Files.readString(file).equals(source.getValue())) {
                Files.writeString(file, source.getValue());
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (!sources.containsKey(file.getFileName().toString().replace(".java", ""))) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new HeaderException("The folder of headers lacks " + file.getFileName() + ": " + file.toAbsolutePath()
                    + " is not there. The script scripts/fetch-wgpu fills such a folder.");
        }
        return Files.readString(file);
    }

    /** The functions and types to write: {@code names.txt}, one a line; what follows a number sign is comment. */
    static List<String> names() {
        try (InputStream stream = WebGpuGenerator.class.getResourceAsStream("names.txt")) {
            if (stream == null) {
                throw new HeaderException("names.txt is missing beside the class WebGpuGenerator.");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceAll("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
