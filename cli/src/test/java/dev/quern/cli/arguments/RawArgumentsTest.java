package dev.quern.cli.arguments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawArgumentsTest {
    @Test
    void whatJavaLostIsTakenFromTheCommandLine() {
        byte[] line = line(
                word("java"),
                word("-Dx=\u00fc"),
                word("Main"),
                word("a"),
                new byte[] {'b', (byte) 0xFF},
                word(""),
                word("\u00fc"));
        assertEquals(
                List.of("a", "b\uDCFF", "", "\u00fc"),
                RawArguments.restored(List.of("a", "b\uFFFD", "", "\uFFFD\uFFFD"), line));
    }

    @Test
    void aRealReplacementCharacterStays() {
        assertEquals(List.of("\uFFFD"), RawArguments.restored(List.of("\uFFFD"), line(word("java"), word("\uFFFD"))));
    }

    @Test
    void anotherCommandLineIsNotBelieved() {
        List<String> decoded = List.of("a", "\uFFFD");
        assertEquals(decoded, RawArguments.restored(decoded, line(word("java"), word("b"), word("\u00fc"))));
        assertEquals(decoded, RawArguments.restored(decoded, line(word("\u00fc"))));
        assertEquals(decoded, RawArguments.of(decoded), "of this test's process");
    }

    @Test
    void aFileIsNamedByAnyBytes(@TempDir Path folder) throws IOException {
        String name = "q ?%#\u00e4\uDCFF";
        Path raw = Path.of(URI.create(folder.toUri() + "q%20%3F%25%23%C3%A4%FF"));
        try {
            Files.writeString(raw, "here");
        } catch (IOException e) {
            Assumptions.abort("this file system takes no such name: " + e);
        }
        assertEquals(raw, PathArgument.of(folder + "/" + name));
        assertEquals("here", Files.readString(PathArgument.of(folder + "/" + name)));
        Path here = Path.of("").toAbsolutePath();
        assertEquals(here.resolve("x"), PathArgument.of("x\uDCFF").resolveSibling("x"));
        assertTrue(PathArgument.of("x\uD83D\uDE00").toString().equals("x\uD83D\uDE00"), "a sound name as it is");
    }

    private static byte[] word(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] line(byte[]... words) {
        var line = new ByteArrayOutputStream();
        for (byte[] each : words) {
            line.writeBytes(each);
            line.write(0);
        }
        return line.toByteArray();
    }
}
