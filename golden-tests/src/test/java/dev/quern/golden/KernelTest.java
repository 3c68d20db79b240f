package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.codegen.kernel.KernelPrinter;
import dev.quern.plan.Kernel;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuGpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The kernels in {@code kernels/} are all there, are made of all the WGSL there is, and are valid. */
class KernelTest {
    private static final Path WGSL =
            Path.of("..", "codegen-wgsl", "src", "main", "resources", "dev", "quern", "codegen", "wgsl");

    @Test
    void everyInstanceHasItsFile() {
        KernelGolden.all().keySet().forEach(KernelGolden::run);
    }

    /** A file of WGSL that no instance links is either dead or untested. */
    @Test
    void everyFileIsLinkedBySomeInstance() throws IOException {
        Set<String> linked = new TreeSet<>();
        KernelGolden.all().values().forEach(instance -> linked.addAll(instance.files()));
        Set<String> present = new TreeSet<>();
        try (Stream<Path> files = Files.walk(WGSL)) {
            files.filter(Files::isRegularFile)
                    .map(file -> WGSL.relativize(file).toString().replace('\\', '/'))
                    .forEach(name -> present.add(name.substring(0, name.length() - ".wgsl".length())));
        }
        assertEquals(present, linked);
    }

    @Test
    void everyInstanceCompiles() {
        try (WgpuGpu gpu = TestDevice.open()) {
            KernelGolden.all().forEach((path, instance) -> {
                Kernel kernel = KernelPrinter.print(instance);
                assertEquals(kernel, gpu.pipeline(kernel).kernel(), path);
            });
        }
    }

    /** The head of each file names what it binds; that is what the instance binds, no more and no less. */
    @Test
    void whatIsBoundIsWhatTheFilesName() {
        KernelGolden.all().forEach((path, instance) -> {
            Set<String> bound = new TreeSet<>();
            instance.slots().forEach(slot -> bound.add(slot.name()));
            assertEquals(names(KernelPrinter.print(instance).source(), "// binds: "), bound, path);
        });
    }

    @AfterAll
    static void blessedIsNotPassed() {
        Goldens.failIfBlessed();
    }

    private static Set<String> names(String source, String prefix) {
        Set<String> names = new TreeSet<>();
        source.lines()
                .filter(line -> line.startsWith(prefix))
                .forEach(line ->
                        names.addAll(List.of(line.substring(prefix.length()).split(", ", -1))));
        return names;
    }
}
