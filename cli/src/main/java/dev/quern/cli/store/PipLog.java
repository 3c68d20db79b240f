package dev.quern.cli.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What pip said.
 *
 * @param lines without the empty ones
 */
record PipLog(List<String> lines) {
    private static final int LAST_LINES = 4;

    /**
     * Names and phrases of pip and its libraries for connections that broke, and for servers that had no answer just
     * then.
     */
    private static final List<String> PASSING = List.of(
            "timed out",
            "IncompleteRead",
            "IncompleteDownload",
            "Connection broken",
            "Connection aborted",
            "Connection reset",
            "RemoteDisconnected",
            "ProtocolError",
            "HTTP error 429",
            "HTTP error 500",
            "HTTP error 502",
            "HTTP error 503",
            "HTTP error 504",
            "429 Client Error",
            "500 Server Error",
            "502 Server Error",
            "503 Server Error",
            "504 Server Error");

    static PipLog read(Path file) throws IOException {
        return new PipLog(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList());
    }

    /**
     * Whether pip failed for a reason that may have passed when it is asked again. What pip only warned of does not
     * count.
     */
    boolean mayPass() {
        return lines.stream()
                .filter(line -> !line.startsWith("WARNING:"))
                .anyMatch(line -> PASSING.stream().anyMatch(line::contains));
    }

    /** Whether it was pip that someone's Ctrl-C ended. */
    boolean isInterrupted() {
        return lines.stream().anyMatch(line -> line.contains("Operation cancelled by user"));
    }

    /** The last of it. */
    String end() {
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
