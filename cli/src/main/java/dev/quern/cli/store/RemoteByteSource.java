package dev.quern.cli.store;

import dev.quern.cli.http.Answer;
import dev.quern.cli.http.BusyException;
import dev.quern.cli.http.ContentRange;
import dev.quern.cli.http.HttpFailure;
import dev.quern.cli.http.Hub;
import dev.quern.cli.http.Patience;
import dev.quern.cli.http.Refusals;
import dev.quern.cli.http.Retries;
import dev.quern.cli.http.Sleeper;
import dev.quern.cli.http.Transport;
import dev.quern.gguf.ByteSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A model's file on a server, of which only the pieces are fetched that are read: its header takes some megabytes, and
 * the gigabytes behind it stay where they are. The pieces are kept in memory, so whoever reads weights is refused.
 */
public final class RemoteByteSource implements ByteSource {
    private static final int PIECE_BYTES = 4 << 20;

    /** Together 256 MiB: as much as the reader of headers lets one take. */
    private static final int MOST_PIECES = 64;

    private final URI address;
    private final Transport transport;
    private final Hub hub;
    private final Patience patience;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final Map<Long, byte[]> pieces = new HashMap<>();
    private Optional<PartFile.Source> version = Optional.empty();
    private long size = -1;

    private RemoteByteSource(
            URI address, Transport transport, Hub hub, Patience patience, Sleeper sleeper, RandomGenerator random) {
        this.address = address;
        this.transport = transport;
        this.hub = hub;
        this.patience = patience;
        this.sleeper = sleeper;
        this.random = random;
    }

    /**
     * Fetches the beginning of a file.
     *
     * @throws IOException if it cannot be fetched, is no model, or comes from a server that sends whole files alone
     */
    static RemoteByteSource open(
            URI address, Transport transport, Hub hub, Patience patience, Sleeper sleeper, RandomGenerator random)
            throws IOException {
        var source = new RemoteByteSource(address, transport, hub, patience, sleeper, random);
        source.piece(0);
        return source;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        Objects.checkFromIndexSize(start, length, target.length);
        if (offset < 0 || offset > size || length > size - offset) {
            throw new EOFException(
                    "asked for " + length + " bytes at offset " + offset + " of " + size + " bytes of " + address);
        }
        int done = 0;
        while (done < length) {
            long at = offset + done;
            byte[] piece = piece(at / PIECE_BYTES);
            int from = (int) (at % PIECE_BYTES);
            int count = Math.min(length - done, piece.length - from);
            System.arraycopy(piece, from, target, start + done, count);
            done += count;
        }
    }

    private byte[] piece(long number) throws IOException {
        byte[] known = pieces.get(number);
        if (known != null) {
            return known;
        }
        if (pieces.size() == MOST_PIECES) {
            throw new IOException("more of " + address + " is asked for than its header; pull the model first");
        }
        byte[] fetched = fetch(number * PIECE_BYTES);
        pieces.put(number, fetched);
        return fetched;
    }

    private byte[] fetch(long start) throws IOException {
        var retries = new Retries(patience, random);
        String range = "bytes=" + start + "-" + (start + PIECE_BYTES - 1);
        try {
            while (true) {
                IOException problem;
                try (Answer answer = transport.open(address, Map.of("Range", range))) {
                    return take(answer, start);
                } catch (HttpFailure | InterruptedIOException e) {
                    throw e;
                } catch (IOException e) {
                    problem = e;
                }
                Optional<Duration> wish = problem instanceof BusyException busy ? busy.wish() : Optional.empty();
                Optional<Duration> pause = retries.after(false, wish);
                if (pause.isEmpty()) {
                    throw new HttpFailure(address + " cannot be read: " + Reasons.of(problem) + ". It was tried "
                            + patience.tries() + " times in a row. Try again later.");
                }
                sleeper.sleep(pause.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("reading " + address + " was interrupted");
        }
    }

    private byte[] take(Answer answer, long start) throws IOException {
        if (BusyException.means(answer.status())) {
            throw BusyException.of(answer, InstantSource.system());
        }
        if (answer.status() == 200) {
            GgufBeginning.require(address, answer, answer.body().readNBytes(GgufBeginning.BYTES));
            throw new HttpFailure(address + " comes from a server that sends no parts of files. 'quern pull' fetches it"
                    + " whole; then this command takes its name.");
        }
        if (answer.status() != 206) {
            throw Refusals.of(address, answer, hub);
        }
        ContentRange range = ContentRange.of(answer)
                .filter(given -> given.start() == start && given.total().isPresent())
                .orElseThrow(() ->
                        new HttpFailure(address + " answers with another part of the file than it was asked for."));
        long total = range.total().orElseThrow();
        if (size >= 0
                && (total != size
                        || version.filter(known -> known.isContradictedBy(answer))
                                .isPresent())) {
            throw new HttpFailure(address + " has changed on its server meanwhile. Run the command again.");
        }
        int length = (int) Math.min(PIECE_BYTES, total - start);
        byte[] bytes = answer.body().readNBytes(length);
        if (start == 0) {
            GgufBeginning.require(address, answer, Arrays.copyOf(bytes, Math.min(bytes.length, GgufBeginning.BYTES)));
        }
        if (bytes.length < length) {
            throw new EOFException("the connection ended early");
        }
        size = total;
        version = PartFile.Source.of(address, answer);
        return bytes;
    }
}
