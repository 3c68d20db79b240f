package dev.quern.runtime.wgpu;

import dev.quern.runtime.GpuException;
import dev.quern.runtime.wgpu.ffi.WGPULogCallback;
import dev.quern.runtime.wgpu.ffi.WGPULogLevel;
import dev.quern.runtime.wgpu.ffi.WebGpu;
import dev.quern.runtime.wgpu.ffi.WebGpuHeaders;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds and loads wgpu-native, once for the life of the virtual machine.
 *
 * <p>The bindings fit one version only: layouts and values differ in others, and calls into them would do anything at
 * all. So a library that reports another version than the one the bindings were written for is refused before anything
 * else is called.
 */
public final class WgpuLibrary {
    private static boolean loaded;

    private WgpuLibrary() {}

    /**
     * Loads the library, if that is not done yet.
     *
     * @throws GpuException of kind {@code NO_DEVICE}, if no library is found or the one that is found does not fit
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        Path file = find();
        checkVersion(file);
        quietLayer();
        System.load(file.toString());
        if (System.getenv("QUERN_DEBUG") != null) {
            printWarnings();
        }
        loaded = true;
    }

    /** The version that is wanted, such as {@code 29.0.1.1}. */
    public static String version() {
        return WebGpuHeaders.VERSION;
    }

    private static Path find() {
        String named = setting("quern.wgpu.library", "QUERN_WGPU_LIBRARY");
        if (named != null) {
            Path file = Path.of(named).toAbsolutePath();
            if (!Files.isRegularFile(file)) {
                throw noDevice(
                        "The library wgpu-native was looked for where QUERN_WGPU_LIBRARY or quern.wgpu.library says, "
                                + file + ", and no file is there.");
            }
            return file;
        }
        String platform = platform();
        Path file = cache().resolve("wgpu-native-" + version(), platform, libraryName(platform));
        checkPresent(file);
        return file;
    }

    static void checkPresent(Path file) {
        if (!Files.isRegularFile(file)) {
            throw noDevice("The library wgpu-native " + version() + " is not at " + file
                    + ". Run scripts/fetch-wgpu, which fetches it, or set QUERN_WGPU_LIBRARY to a copy of yours.");
        }
    }

    static void checkVersion(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment function = SymbolLookup.libraryLookup(file, arena)
                    .find("wgpuGetVersion")
                    .orElseThrow(() -> noDevice(file + " is not wgpu-native: it has no function wgpuGetVersion."));
            int number = (int) Linker.nativeLinker()
                    .downcallHandle(function, FunctionDescriptor.of(ValueLayout.JAVA_INT))
                    .invokeExact();
            checkVersion(file, number);
        } catch (IllegalArgumentException unreadable) {
            throw noDevice("The library " + file + " cannot be loaded: " + unreadable.getMessage());
        } catch (GpuException refused) {
            throw refused;
        } catch (Throwable unexpected) {
            throw new IllegalStateException("wgpuGetVersion could not be called", unexpected);
        }
    }

    static void checkVersion(Path file, int number) {
        if (number != WebGpuHeaders.VERSION_NUMBER) {
            throw noDevice(file + " is wgpu-native " + versionText(number) + ", but these bindings are for " + version()
                    + ". Run scripts/fetch-wgpu for that version, or build with QUERN_WGPU_HEADERS set to the headers of "
                    + versionText(number) + ".");
        }
    }

    private static String versionText(int number) {
        return (number >>> 24) + "." + (number >>> 16 & 255) + "." + (number >>> 8 & 255) + "." + (number & 255);
    }

    /**
     * Keeps Mesa's layer for choosing among devices out, where there is no desktop session that it could ask. All it
     * would do is print, for each instance, that XDG_RUNTIME_DIR is not set. Java cannot set a variable of its own
     * process, so the C library does.
     */
    private static void quietLayer() {
        if (!System.getProperty("os.name").equals("Linux") || System.getenv("XDG_RUNTIME_DIR") != null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().findOrThrow("setenv");
        var descriptor = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) linker.downcallHandle(function, descriptor)
                    .invokeExact(arena.allocateFrom("NODEVICE_SELECT"), arena.allocateFrom("1"), 0);
        } catch (Throwable unexpected) {
            throw new IllegalStateException("setenv could not be called", unexpected);
        }
    }

    private static void printWarnings() {
        MemorySegment callback = WGPULogCallback.stub(
                Arena.global(), (level, message, userdata) -> System.err.println("wgpu " + level + ": " + message));
        WebGpu.wgpuSetLogCallback(callback, MemorySegment.NULL);
        WebGpu.wgpuSetLogLevel(WGPULogLevel.WARN);
    }

    private static Path cache() {
        String own = System.getenv("QUERN_CACHE");
        if (own != null && !own.isEmpty()) {
            return Path.of(own);
        }
        String common = System.getenv("XDG_CACHE_HOME");
        Path parent = common != null && !common.isEmpty()
                ? Path.of(common)
                : Path.of(Optional.ofNullable(System.getenv("HOME")).orElse(System.getProperty("user.home")), ".cache");
        return parent.resolve("quern");
    }

    private static String platform() {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            return "windows-" + machine;
        }
        if (system.startsWith("mac")) {
            return machine.equals("aarch64") ? "macos-arm64" : "macos-x86_64";
        }
        return "linux-" + machine;
    }

    private static String libraryName(String platform) {
        if (platform.startsWith("windows")) {
            return "wgpu_native-release.dll";
        }
        return platform.startsWith("macos") ? "libwgpu_native-release.dylib" : "libwgpu_native-release.so";
    }

    private static @Nullable String setting(String property, String variable) {
        String value = System.getProperty(property);
        if (value == null || value.isEmpty()) {
            value = System.getenv(variable);
        }
        return value == null || value.isEmpty() ? null : value;
    }

    private static GpuException noDevice(String message) {
        return new GpuException(GpuException.Kind.NO_DEVICE, message);
    }
}
