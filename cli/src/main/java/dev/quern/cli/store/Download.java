package dev.quern.cli.store;

import dev.quern.cli.http.BusyException;
import dev.quern.cli.http.Durations;
import dev.quern.cli.http.HttpFailure;
import dev.quern.cli.http.HttpTransport;
import dev.quern.cli.http.Hub;
import dev.quern.cli.http.Patience;
import dev.quern.cli.http.Proxies;
import dev.quern.cli.http.Retries;
import dev.quern.cli.http.Sleeper;
import dev.quern.cli.http.StalledException;
import dev.quern.cli.http.Transport;
import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Downloads a model over HTTP, over networks as they are: what breaks off, falls silent or is busy is asked again as
 * {@link Patience} says, and only for the rest. What has arrived stays in {@code NAME.part} beside the target until the
 * file is complete and has been checked.
 */
public final class Download {
    static final String INTERRUPTED = "The download was interrupted. The same command takes it up where it stopped.";

    private final Transport transport;
    private final Hub hub;
    private final Patience patience;
    private final Sleeper sleeper;
    private final RandomGenerator random;

    /** A downloader that does as the environment says. */
    public static Download of(Map<String, String> environment) {
        Hub hub = Hub.of(environment);
        Patience patience = Patience.USUAL;
        return new Download(
                new HttpTransport(Proxies.of(environment), hub, patience.stall()),
                hub,
                patience,
                Sleeper.REAL,
                RandomGenerator.getDefault());
    }

    Download(Transport transport, Hub hub, Patience patience, Sleeper sleeper, RandomGenerator random) {
        this.transport = transport;
        this.hub = hub;
        this.patience = patience;
        this.sleeper = sleeper;
        this.random = random;
    }

    /**
     * Opens a model where it lies: what is read of it is fetched, and not kept.
     *
     * @throws StoreException if it cannot be fetched
     */
    RemoteByteSource look(URI address) {
        try {
            return RemoteByteSource.open(address, transport, hub, patience, sleeper, random);
        } catch (HttpFailure e) {
            throw new StoreException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StoreException(address + " cannot be read: " + Reasons.of(e) + ".", e);
        }
    }

    /** Looks at a file that is complete, before it gets its name. */
    @FunctionalInterface
    public interface Check {
        /**
         * Looks at it.
         *
         * @throws StoreException if the file is not what it should be; it is deleted then
         */
        void accept(Path file) throws IOException;
    }

    /**
     * Fetches a model. Nobody else may fetch to the same target meanwhile.
     *
     * @param sha256 the digest that the file must have, if it is known
     * @throws StoreException if it cannot be fetched or is not the file that was asked for
     */
    public void fetch(URI address, Path target, Optional<String> sha256, Check check, Progress progress) {
        try {
            var part = new PartFile(target);
            var fetch = new Fetch(address, part, transport, hub, progress);
            boolean continued = tryRepeatedly(fetch, part, progress);
            if (sha256.isPresent() && continued && !sha256.get().equals(digest(part, progress))) {
                progress.note("the parts that came at different times do not fit together, fetching all of it again");
                part.delete();
                tryRepeatedly(fetch, part, progress);
            }
            if (sha256.isPresent()) {
                requireDigest(address, part, sha256.get(), digest(part, progress));
            }
            try {
                check.accept(part.file());
            } catch (StoreException e) {
                part.delete();
                throw e;
            }
            part.moveTo(target);
        } catch (InterruptedException | InterruptedIOException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(INTERRUPTED, e);
        } catch (HttpFailure e) {
            throw new StoreException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StoreException(
                    "The download to " + target + " failed: " + Reasons.of(e) + ". " + CacheFolder.ADVICE, e);
        }
    }

    private static String digest(PartFile part, Progress progress) throws IOException {
        progress.note("checking the SHA-256");
        return Sha256.of(part.file(), Progress.NONE);
    }

    private static void requireDigest(URI address, PartFile part, String expected, String found) throws IOException {
        if (!expected.equals(found)) {
            part.delete();
            throw new StoreException("What came from " + address + " has the SHA-256 " + found + ", but " + expected
                    + " is expected; it was deleted. Either the file has changed or the hash is wrong.");
        }
    }

    /**
     * Tries until the file is complete.
     *
     * @return whether bytes of another try, now or earlier, are part of it
     */
    private boolean tryRepeatedly(Fetch fetch, PartFile part, Progress progress)
            throws IOException, InterruptedException {
        var retries = new Retries(patience, random);
        while (true) {
            IOException problem;
            try {
                return fetch.rest();
            } catch (HttpFailure | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                problem = e;
            }
            Optional<Duration> wish = problem instanceof BusyException busy ? busy.wish() : Optional.empty();
            if (wish.isPresent() && patience.isExceededBy(wish.get())) {
                throw new StoreException(
                        fetch.address() + " cannot be fetched now: " + Reasons.of(problem) + " and asks to be left"
                                + " alone for " + Durations.text(wish.get()) + ". Try again then"
                                + (size(part) == 0 ? "." : "; the same command takes it up where it stopped."),
                        problem);
            }
            Duration pause = retries.after(fetch.broughtFurther(), wish)
                    .orElseThrow(() -> new StoreException(givenUp(fetch.address(), part, problem), problem));
            progress.note(note(problem, wish, pause, retries.fruitless()));
            sleeper.sleep(pause);
        }
    }

    private String givenUp(URI address, PartFile part, IOException problem) {
        long have = size(part);
        String what = have == 0
                ? address + " cannot be fetched: " + Reasons.of(problem) + ". "
                : "The download of " + address + " broke off after " + have + " bytes: " + Reasons.of(problem) + ". ";
        return what + "It was tried " + patience.tries() + " times in a row. "
                + (have == 0 ? "Try again later." : "The same command takes it up where it stopped.");
    }

    private static long size(PartFile part) {
        try {
            return part.size();
        } catch (IOException e) {
            return 0;
        }
    }

    private String note(IOException problem, Optional<Duration> wish, Duration pause, int fruitless) {
        String count = fruitless > 1 ? " (" + (fruitless + 1) + " of " + patience.tries() + ")" : "";
        if (wish.isPresent() && pause.compareTo(wish.get()) == 0) {
            return "the server asks to wait " + Durations.text(pause) + count;
        }
        if (wish.isPresent() && pause.compareTo(wish.get()) < 0) {
            return "the server asks to wait " + Durations.text(wish.get()) + ", trying again in "
                    + Durations.text(pause) + count;
        }
        return problem instanceof StalledException
                ? problem.getMessage() + ", trying again" + count
                : Reasons.of(problem) + ", trying again in " + Durations.text(pause) + count;
    }
}
