package dev.quern.codegen.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The WGSL files, which lie beside the classes as resources. */
final class WgslFiles {
    private WgslFiles() {}

    /** The file {@code name.wgsl}. */
    static WgslFile read(String name) {
        String path = "/dev/quern/codegen/wgsl/" + name + ".wgsl";
        try (InputStream in = WgslFiles.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the kernel file " + path + " is not among the resources of this build");
            }
            return WgslFile.of(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
