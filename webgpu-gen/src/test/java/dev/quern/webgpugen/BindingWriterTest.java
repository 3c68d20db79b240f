package dev.quern.webgpugen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** The bindings of a small header, compared with the file {@code small.expected}. */
class BindingWriterTest {
    private static final Path FOLDER = Path.of("src/test/resources/dev/quern/webgpugen");

    private static SortedMap<String, String> sources(List<String> wanted) throws IOException {
        var declarations = HeaderReader.read("small.h", Files.readString(FOLDER.resolve("small.h")));
        return new BindingWriter("org.example.mill", "29.0.1.1").write(declarations, wanted);
    }

    @Test
    void theBindingsOfASmallHeader() throws IOException {
        var text = new StringBuilder();
        sources(List.of("wgpuMillGrind", "wgpuMillName"))
                .forEach((name, source) ->
                        text.append("==== ").append(name).append(".java\n").append(source));
        Path expected = FOLDER.resolve("small.expected");
        if (Boolean.getBoolean("quern.bless")) {
            Files.writeString(expected, text);
            fail(expected + " was written anew; look at what changed, then run without -Dquern.bless=true.");
        }
        assertEquals(
                Files.readString(expected),
                text.toString(),
                "The bindings differ from " + expected + "; if they should, run with -Dquern.bless=true.");
    }

    @Test
    void whatIsNotWantedIsNotWritten() throws IOException {
        var names = sources(List.of("wgpuMillNotWanted")).keySet();
        assertEquals(List.of("WebGpu", "WebGpuConstants", "WebGpuHeaders"), List.copyOf(names));
    }

    @Test
    void theSameInputGivesTheSameText() throws IOException {
        assertEquals(sources(List.of("wgpuMillGrind")), sources(List.of("wgpuMillGrind")));
    }

    @Test
    void everyMissingNameIsNamed() {
        var problem =
                assertThrows(HeaderException.class, () -> sources(List.of("wgpuOven", "wgpuMillGrind", "WGPUBread")));
        assertEquals(
                "The list of names asks for WGPUBread, wgpuOven, which the headers do not declare. Take the names from the list, "
                        + "or take the headers that have them.",
                problem.getMessage());
    }

    @Test
    void theListOfNamesHasNoCommentsLeft() {
        List<String> names = WebGpuGenerator.names();
        assertFalse(names.isEmpty());
        names.forEach(name -> assertEquals(true, name.matches("(wgpu|WGPU)\\w+"), name));
    }
}
