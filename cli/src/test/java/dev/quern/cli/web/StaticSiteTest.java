package dev.quern.cli.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.cli.store.StoreException;
import dev.quern.plan.BundleException;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.SamplingAdvice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder for static hosts: complete, or not there. */
class StaticSiteTest {
    private static final byte[] WEIGHTS = {1, 2, 3, 4};

    private final Path folder;
    private final Path page;

    StaticSiteTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        page = folder.resolve("page");
        Files.createDirectories(page.resolve("assets"));
        Files.writeString(page.resolve("index.html"), "page");
        Files.writeString(page.resolve("assets/quern.wasm"), "wasm");
    }

    @Test
    void holdsThePageAndTheBundle() throws IOException {
        Path site = folder.resolve("site");
        long bytes = StaticSite.write(
                page,
                new FakeBundle(Map.of(Manifest.FILE, new byte[2], "weights/000.bin", WEIGHTS)),
                manifest("weights/000.bin"),
                site);
        assertEquals(14, bytes);
        assertEquals("page", Files.readString(site.resolve("index.html")));
        assertEquals("wasm", Files.readString(site.resolve("assets/quern.wasm")));
        assertArrayEquals(WEIGHTS, Files.readAllBytes(site.resolve("bundle/weights/000.bin")));
    }

    @Test
    void holdsThePageAlone() throws IOException {
        Path site = folder.resolve("site");
        assertEquals(8, StaticSite.write(page, site));
        assertEquals("page", Files.readString(site.resolve("index.html")));
        try (Stream<Path> entries = Files.list(site)) {
            assertEquals(2, entries.count());
        }
    }

    @Test
    void leavesNothingWhereTheBundleIsIncomplete() throws IOException {
        assertThrows(
                BundleException.class,
                () -> StaticSite.write(
                        page,
                        new FakeBundle(Map.of(Manifest.FILE, new byte[2])),
                        manifest("weights/000.bin"),
                        folder.resolve("site")));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(page), left.toList());
        }
    }

    @Test
    void overwritesNothing() throws IOException {
        Path site = Files.createDirectories(folder.resolve("site"));
        Files.writeString(site.resolve("mine"), "mine");
        assertThrows(
                StoreException.class,
                () -> StaticSite.write(page, new FakeBundle(Map.of(Manifest.FILE, WEIGHTS)), manifest(), site));
        assertEquals("mine", Files.readString(site.resolve("mine")));
    }

    private static Manifest manifest(String... files) {
        return new Manifest(
                new Manifest.Model("m", "llama", "f32", 1, 1, 1, 1, 1, 1, 1, 1, CacheEncoding.F16, SamplingAdvice.NONE),
                List.of(),
                List.of(),
                List.of(),
                Stream.of(files)
                        .map(file -> new Manifest.FileEntry(file, 4, "0".repeat(64)))
                        .toList());
    }
}
