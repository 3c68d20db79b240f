package dev.quern.cli.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Tells one build of the compiler from another, so that a bundle in the cache is never used with the wrong one. Names
 * and checksums of the classes on the class path are read, not the classes: this takes a few milliseconds.
 */
final class CompilerIdentity {
    /** What decides the bytes of a bundle. A change elsewhere leaves bundles as they are. */
    private static final List<String> MODULES =
            List.of("ir", "frontend-gguf", "passes", "plan", "codegen-wgsl", "text", "compiler", "bundle-files");

    private CompilerIdentity() {}

    /** Sixteen hexadecimal digits that change with the compiler. */
    static String ofClassPath(String classPath) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String entry : classPath.split(java.io.File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (isCompiler(path)) {
                lines.addAll(Files.isDirectory(path) ? ofFolder(path) : ofJar(path));
            }
        }
        lines.sort(null);
        return hash(lines);
    }

    /**
     * {@code …/quern-passes-0.1.0.jar}, or {@code …/passes/target/classes} where the modules run from their own
     * folders.
     */
    private static boolean isCompiler(Path path) {
        String text = path.toString().replace('\\', '/');
        return Files.exists(path)
                && MODULES.stream()
                        .anyMatch(module -> text.contains("/quern-" + module + "-")
                                || text.endsWith("/" + module + "/target/classes"));
    }

    private static List<String> ofJar(Path jar) throws IOException {
        List<String> lines = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory()) {
                    lines.add(entry.getName() + " " + entry.getCrc());
                }
            }
        }
        return lines;
    }

    private static List<String> ofFolder(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                lines.add(folder.relativize(file) + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return lines;
    }

    private static String hash(List<String> lines) {
        return digest(String.join("\n", lines)).substring(0, 16);
    }

    /** The SHA-256 of a text, in hexadecimal digits. */
    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
