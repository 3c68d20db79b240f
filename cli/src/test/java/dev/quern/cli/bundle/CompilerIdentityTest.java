package dev.quern.cli.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilerIdentityTest {
    @Test
    void itChangesWithTheCompilerAndWithNothingElse(@TempDir Path folder) throws IOException {
        String passes = jar(folder, "quern-passes-1.jar", "one");
        String cli = jar(folder, "quern-cli-1.jar", "one");
        String before = CompilerIdentity.ofClassPath(passes + File.pathSeparator + cli);
        assertEquals(before, CompilerIdentity.ofClassPath(cli + File.pathSeparator + passes), "in any order");
        jar(folder, "quern-cli-1.jar", "two");
        assertEquals(before, CompilerIdentity.ofClassPath(passes + File.pathSeparator + cli));
        jar(folder, "quern-passes-1.jar", "two");
        assertNotEquals(before, CompilerIdentity.ofClassPath(passes + File.pathSeparator + cli));
    }

    private static String jar(Path folder, String name, String content) throws IOException {
        Path jar = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("Pass.class"));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return jar.toString();
    }
}
