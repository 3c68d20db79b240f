package dev.quern.cli.store;

import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Downloads a file over HTTP. What has arrived stays in {@code NAME.part} beside the target until the file is complete and its hash has
 * been checked; a later attempt asks for the rest only, on the condition that the server still has the same file.
 */
public final class Download {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final HttpClient client;
    private final int attempts;
    private final Duration pause;

    /** A downloader that tries five times, with growing pauses. */
    public Download() {
        this(5, Duration.ofSeconds(1));
    }

    Download(int attempts, Duration pause) {
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(30))
                .build();
        this.attempts = attempts;
        this.pause = pause;
    }

    /**
     * Fetches a file.
     *
     * @param sha256 the digest that the file must have, if it is known
     * @return the digest of the file as it came
     * @throws StoreException if it cannot be fetched or is not the file that was asked for
     */
    public String fetch(URI address, Path target, Optional<String> sha256, Progress progress) {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            if (lock == null) {
                throw new StoreException("Another process is downloading to " + part + "; wait for it, or end it.");
            }
            var validator = new Validator(part.resolveSibling(part.getFileName() + ".validator"));
            tryRepeatedly(address, part, validator, progress);
            String found = Sha256.of(part, Progress.NONE);
            if (sha256.isPresent() && !sha256.get().equals(found)) {
                Files.delete(part);
                validator.forget();
                throw new StoreException(
                        "What came from " + address + " has the SHA-256 " + found + ", but " + sha256.get()
                                + " is expected; it was deleted. Either the file has changed or the hash is wrong.");
            }
            Staging.moveInto(part, target);
            validator.forget();
            return found;
        } catch (IOException e) {
            throw new StoreException("The download to " + target + " failed: " + Reasons.of(e) + ".", e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** An attempt that brought bytes does not count: only a server that gives nothing is given up. */
    private void tryRepeatedly(URI address, Path part, Validator validator, Progress progress) throws IOException {
        int failures = 0;
        while (true) {
            long before = Files.size(part);
            try {
                fetchRest(address, part, validator, progress);
                return;
            } catch (IOException e) {
                failures = Files.size(part) > before ? 1 : failures + 1;
                if (failures >= attempts) {
                    throw new StoreException(
                            "The download of " + address + " broke off after " + Files.size(part) + " bytes: "
                                    + Reasons.of(e) + ". The same command takes it up where it stopped.",
                            e);
                }
                sleep(pause.multipliedBy(failures));
            }
        }
    }

    private void fetchRest(URI address, Path part, Validator validator, Progress progress) throws IOException {
        Optional<String> condition = validator.text();
        long have = condition.isPresent() ? Files.size(part) : 0;
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).header("User-Agent", "quern").timeout(Duration.ofSeconds(60));
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-").header("If-Range", condition.orElseThrow());
        }
        HttpResponse<InputStream> response = send(request.build());
        try (InputStream body = response.body()) {
            switch (response.statusCode()) {
                case OK -> {
                    validator.remember(response);
                    long total = response.headers()
                            .firstValueAsLong("Content-Length")
                            .orElse(0);
                    copy(body, part, 0, total, progress);
                }
                case PARTIAL -> {
                    ContentRange range = ContentRange.of(response);
                    if (range.start() != have) {
                        throw new StoreException(address + " was asked for the bytes from " + have
                                + " on, but sent those from " + range.start() + " on.");
                    }
                    copy(body, part, have, range.total(), progress);
                }
                case RANGE_NOT_SATISFIABLE -> {
                    validator.forget();
                    throw new IOException("the server's file is no longer than the part that is here; starting again");
                }
                default -> throw new StoreException(refusal(address, response.statusCode()));
            }
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("The download was interrupted.", e);
        }
    }

    private static void copy(InputStream body, Path part, long start, long total, Progress progress)
            throws IOException {
        long done = start;
        byte[] chunk = new byte[CHUNK_BYTES];
        StandardOpenOption where = start == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND;
        try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.WRITE, where)) {
            for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
                out.write(chunk, 0, read);
                done += read;
                progress.at(done, total);
            }
        }
        if (total > 0 && done != total) {
            throw new IOException("the connection ended after " + done + " of " + total + " bytes");
        }
    }

    private static String refusal(URI address, int status) {
        return switch (status) {
            case 401, 403 ->
                address + " refuses access (HTTP " + status
                        + "). If the model asks for a licence to be accepted, download it"
                        + " with a browser and give Quern the file.";
            case 404, 410 -> address + " does not exist (HTTP " + status + "). Check the address.";
            default -> address + " answers with HTTP " + status + ", not with the file.";
        };
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("The download was interrupted.", e);
        }
    }

    /** {@code Content-Range: bytes START-END/TOTAL}; the total is 0 if the server does not tell. */
    private record ContentRange(long start, long total) {
        static ContentRange of(HttpResponse<?> response) throws IOException {
            String header = response.headers().firstValue("Content-Range").orElse("");
            int dash = header.indexOf('-');
            int slash = header.indexOf('/');
            if (!header.startsWith("bytes ") || dash < 0 || slash < dash) {
                throw new IOException("the server sent a part of the file without saying which");
            }
            try {
                String total = header.substring(slash + 1).strip();
                String start = header.substring("bytes ".length(), dash).strip();
                return new ContentRange(Long.parseLong(start), total.equals("*") ? 0 : Long.parseLong(total));
            } catch (NumberFormatException e) {
                throw new IOException("the server sent a part of the file and calls it '" + header + "'", e);
            }
        }
    }

    /** What tells whether the server's file is still the one whose beginning is here: its entity tag, or else its date. */
    private record Validator(Path file) {
        Optional<String> text() throws IOException {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        }

        void remember(HttpResponse<?> response) throws IOException {
            Optional<String> strong = response.headers().firstValue("ETag").filter(tag -> !tag.startsWith("W/"));
            Optional<String> text = strong.or(() -> response.headers().firstValue("Last-Modified"));
            if (text.isPresent()) {
                Files.writeString(file, text.get());
            } else {
                forget();
            }
        }

        void forget() throws IOException {
            Files.deleteIfExists(file);
        }
    }
}
