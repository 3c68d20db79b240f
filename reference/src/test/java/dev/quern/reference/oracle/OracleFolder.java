package dev.quern.reference.oracle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The folder in which {@code scripts/fetch-oracle} keeps the libraries of llama.cpp. */
final class OracleFolder {
    private static @Nullable Path folder;

    private OracleFolder() {}

    /**
     * The folder, fetched if need be; skips the running test where it cannot be had, and fails it in continuous
     * integration.
     */
    static synchronized Path require() {
        if (folder == null) {
            folder = fetch();
        }
        return folder;
    }

    private static Path fetch() {
        Path script = checkout().resolve("scripts").resolve("fetch-oracle");
        try {
            Process process = new ProcessBuilder(script.toString()).start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() == 0) {
                return Path.of(printed.strip());
            }
            return missing(complaint.strip());
        } catch (IOException e) {
            return missing(script + " did not start: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return missing("interrupted while llama.cpp was fetched");
        }
    }

    private static Path missing(String reason) {
        String message = "llama.cpp, with which this test compares, could not be had: " + reason;
        if (System.getenv("CI") != null) {
            return Assertions.fail(message);
        }
        return Assumptions.abort(message);
    }

    /** The root of the checkout, which is above the folder that a module's tests run in. */
    static Path checkout() {
        Path here = Path.of("").toAbsolutePath();
        for (Path place = here; place != null; place = place.getParent()) {
            if (Files.exists(place.resolve("scripts").resolve("fetch-oracle"))) {
                return place;
            }
        }
        return Assertions.fail("no folder above " + here + " holds scripts/fetch-oracle.");
    }
}
