package dev.quern.runtime.wgpu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WebGpuHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library that is missing, is something else, or is of another version is refused in words. */
class WgpuLibraryTest {
    @Test
    void theVersionOfTheHeadersIsAccepted() {
        assertDoesNotThrow(() -> WgpuLibrary.checkVersion(Path.of("library"), WebGpuHeaders.VERSION_NUMBER));
    }

    @Test
    void anotherVersionIsRefusedWithBothNamed() {
        String message = refusal(() -> WgpuLibrary.checkVersion(Path.of("libwgpu.so"), 0x1b000402));
        assertTrue(
                message.startsWith("libwgpu.so is wgpu-native 27.0.4.2, but these bindings are for "
                        + WebGpuHeaders.VERSION + "."),
                message);
        assertTrue(message.contains("scripts/fetch-wgpu"), message);
    }

    @Test
    void aMissingFileIsNamedWithTheWayToFetchIt(@TempDir Path folder) {
        Path file = folder.resolve("libwgpu_native-release.so");
        String message = refusal(() -> WgpuLibrary.checkPresent(file));
        assertEquals(
                "The library wgpu-native " + WebGpuHeaders.VERSION + " is not at " + file
                        + ". Run scripts/fetch-wgpu, which fetches it, or set QUERN_WGPU_LIBRARY to a copy of yours.",
                message);
    }

    @Test
    void aFileThatIsNoLibraryIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("library.so"), "not a library");
        String message = refusal(() -> WgpuLibrary.checkVersion(file));
        assertTrue(message.startsWith("The library " + file + " cannot be loaded: "), message);
    }

    private static String refusal(Runnable attempt) {
        var problem = assertThrows(GpuException.class, attempt::run);
        assertEquals(GpuException.Kind.NO_DEVICE, problem.kind());
        return String.valueOf(problem.getMessage());
    }
}
