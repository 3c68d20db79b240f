package dev.quern.cli.store;

import dev.quern.cli.http.Answer;
import dev.quern.cli.http.BusyException;
import dev.quern.cli.http.ContentRange;
import dev.quern.cli.http.HttpFailure;
import dev.quern.cli.http.Hub;
import dev.quern.cli.http.Refusals;
import dev.quern.cli.http.Transport;
import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One file on its way. {@link #rest} asks once for what is missing, on the condition that the server still has the same
 * file, and believes no answer that contradicts itself or what is here: then the next try begins anew.
 */
final class Fetch {
    private static final int CHUNK_BYTES = 1 << 16;

    private final URI address;
    private final PartFile part;
    private final Transport transport;
    private final Hub hub;
    private final Progress progress;
    private boolean begun;
    private boolean further;

    Fetch(URI address, PartFile part, Transport transport, Hub hub, Progress progress) {
        this.address = address;
        this.part = part;
        this.transport = transport;
        this.hub = hub;
        this.progress = progress;
    }

    URI address() {
        return address;
    }

    /**
     * Whether the last try brought bytes that follow what was here. Beginning anew is no progress, however much comes:
     * a server that makes it necessary each time would never be given up.
     */
    boolean broughtFurther() {
        return further;
    }

    /**
     * Asks for what is missing.
     *
     * @return whether the file, now complete, has bytes of an earlier answer
     * @throws HttpFailure if asking again would not help
     * @throws StoreException if what came cannot be written
     * @throws IOException if it might
     */
    boolean rest() throws IOException, InterruptedException {
        further = false;
        Optional<PartFile.Source> source = part.source(address);
        long have = source.isPresent() ? part.size() : 0;
        Map<String, String> headers = source.map(
                        known -> Map.of("Range", "bytes=" + have + "-", "If-Range", known.validator()))
                .orElse(Map.of());
        try (Answer answer = transport.open(address, headers)) {
            requirePlain(answer);
            return switch (answer.status()) {
                case 200 -> {
                    takeWhole(answer);
                    yield false;
                }
                case 206 -> {
                    takeRest(answer, source.orElseThrow(this::unasked), have);
                    yield true;
                }
                case 416 -> {
                    requireComplete(answer, source.orElseThrow(this::unasked), have);
                    yield true;
                }
                default -> {
                    if (BusyException.means(answer.status())) {
                        throw BusyException.of(answer, InstantSource.system());
                    }
                    throw Refusals.of(address, answer, hub);
                }
            };
        }
    }

    private HttpFailure unasked() {
        return new HttpFailure(address + " was asked for a whole file and answers with a part of one.");
    }

    /** Compressed bytes are not asked for, and a part of them is a part of nothing that is here. */
    private void requirePlain(Answer answer) throws HttpFailure {
        String encoding = answer.header("Content-Encoding").orElse("identity").strip();
        if (answer.status() < 300
                && !encoding.isEmpty()
                && !encoding.toLowerCase(Locale.ROOT).equals("identity")) {
            throw new HttpFailure(address + " sends the file compressed (" + encoding
                    + "), which was not asked for. Download it with a browser and give Quern the file.");
        }
    }

    private void takeWhole(Answer answer) throws IOException {
        OptionalLong length = answer.headers().firstValueAsLong("Content-Length");
        byte[] first = answer.body().readNBytes(GgufBeginning.BYTES);
        // What is here stays until it is clear that this is the model, and not a page that the network puts in between.
        GgufBeginning.require(address, answer, first);
        try (FileChannel channel = writing(() -> part.begin(PartFile.Source.of(address, answer)))) {
            append(channel, first, first.length);
            boolean isFirst = !begun;
            begun = true;
            copy(answer, channel, first.length, length, isFirst);
        }
    }

    private void takeRest(Answer answer, PartFile.Source source, long have) throws IOException {
        Optional<ContentRange> range = ContentRange.of(answer);
        if (range.isEmpty() || range.get().start() != have) {
            throw anew("the server sends another part of the file than it was asked for");
        }
        if (source.isContradictedBy(answer)) {
            throw anew("the file has changed on the server");
        }
        try (FileChannel channel = writing(part::goOn)) {
            copy(answer, channel, have, range.get().total(), true);
        }
    }

    /** Nothing may be missing but the name: the last run ended before it could give that. */
    private void requireComplete(Answer answer, PartFile.Source source, long have) throws IOException {
        OptionalLong total = ContentRange.totalOf(answer);
        if (total.isEmpty() || total.getAsLong() != have || source.isContradictedBy(answer)) {
            throw anew("the file on the server is another one than the part that is here");
        }
        progress.at(have, have);
    }

    private void copy(Answer answer, FileChannel channel, long start, OptionalLong total, boolean counts)
            throws IOException {
        long done = start;
        progress.at(done, total.orElse(0));
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read = answer.body().read(chunk);
                read >= 0;
                read = answer.body().read(chunk)) {
            if (total.isPresent() && read > total.getAsLong() - done) {
                throw anew("the server sends more than the " + total.getAsLong() + " bytes that it announced");
            }
            append(channel, chunk, read);
            further = counts;
            done += read;
            progress.at(done, total.orElse(0));
        }
        if (total.isPresent() && done < total.getAsLong()) {
            throw new IOException("the connection ended after " + done + " of " + total.getAsLong() + " bytes");
        }
    }

    private IOException anew(String problem) throws IOException {
        part.disown();
        return new IOException(problem + ", beginning anew");
    }

    /** Something that is done with a file. */
    @FunctionalInterface
    private interface Writing<T> {
        T run() throws IOException;
    }

    private void append(FileChannel channel, byte[] bytes, int length) {
        writing(() -> {
            PartFile.write(channel, bytes, length);
            return length;
        });
    }

    /** A disk that is full or gone is not the network's fault, and trying again would not mend it. */
    private <T> T writing(Writing<T> action) {
        try {
            return action.run();
        } catch (ClosedByInterruptException e) {
            throw new StoreException(Download.INTERRUPTED, e);
        } catch (IOException e) {
            throw new StoreException(
                    part.file() + " cannot be written: " + Reasons.of(e)
                            + ". What has come stays there, and the same command takes it up.",
                    e);
        }
    }
}
