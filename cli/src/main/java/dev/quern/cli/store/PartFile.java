package dev.quern.cli.store;

import dev.quern.cli.http.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * What has come of a file: {@code NAME.part}, and beside it {@code NAME.part.of}, which says of what it is the
 * beginning. The second is never there with bytes of another file: it goes first and comes last.
 */
final class PartFile {
    private final Path file;
    private final Path note;

    PartFile(Path target) {
        file = target.resolveSibling(target.getFileName() + ".part");
        note = target.resolveSibling(target.getFileName() + ".part.of");
    }

    /**
     * What the bytes that are here are the beginning of.
     *
     * @param address where they came from
     * @param validator the server's entity tag or date for the file, as it is sent back in {@code If-Range}
     */
    record Source(URI address, String validator) {
        private static final String WEAK = "W/";

        /** What an answer says of itself; nothing where the server gives no means to tell one file from another. */
        static Optional<Source> of(URI address, Answer answer) {
            Optional<String> tag = answer.header("ETag").filter(text -> !text.startsWith(WEAK));
            return tag.or(() -> answer.header("Last-Modified")).map(validator -> new Source(address, validator));
        }

        /** Whether an answer says that it is of another file. */
        boolean isContradictedBy(Answer answer) {
            String name = validator.startsWith("\"") ? "ETag" : "Last-Modified";
            return answer.header(name)
                    .filter(found -> !found.equals(validator) && !found.equals(WEAK + validator))
                    .isPresent();
        }
    }

    Path file() {
        return file;
    }

    /** How many bytes are here, of whatever. */
    long size() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** What the bytes here are the beginning of, if they came from that address and there are any. */
    Optional<Source> source(URI address) throws IOException {
        if (!Files.exists(note) || size() == 0) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(note);
        return lines.size() == 2 && lines.getFirst().equals(address.toString())
                ? Optional.of(new Source(address, lines.getLast()))
                : Optional.empty();
    }

    /** Forgets what is here and opens the file for its first bytes. */
    FileChannel begin(Optional<Source> source) throws IOException {
        disown();
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        if (source.isPresent()) {
            Files.write(
                    note,
                    List.of(source.get().address().toString(), source.get().validator()));
        }
        return channel;
    }

    /** Opens the file for the bytes that follow. */
    FileChannel goOn() throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    static void write(FileChannel channel, byte[] bytes, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Gives the complete file its name. */
    void moveTo(Path target) throws IOException {
        Staging.moveInto(file, target);
        Files.deleteIfExists(note);
    }

    /** Forgets of what the bytes here are the beginning, so that nothing is added to them. */
    void disown() throws IOException {
        Files.deleteIfExists(note);
    }

    void delete() throws IOException {
        disown();
        Files.deleteIfExists(file);
    }
}
