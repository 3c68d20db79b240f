package dev.quern.cli.store;

import dev.quern.cli.http.Sleeper;
import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sees that one process at a time fetches a file; another waits, and then finds it there. The lock is a file of its own
 * in {@code .locks}, which stays: who deletes a locked file, or locks one that is about to be moved, locks out nobody.
 */
public final class TargetLock implements AutoCloseable {
    private static final Duration GLANCE = Duration.ofMillis(250);

    private final FileChannel channel;

    private TargetLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for its turn. */
    static TargetLock acquire(Path target, Sleeper sleeper, Progress progress)
            throws IOException, InterruptedException {
        Path lock = file(target);
        Files.createDirectories(lock.getParent());
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            boolean told = false;
            while (tryLock(channel) == null) {
                if (!told) {
                    progress.note("another process is fetching it, waiting for that");
                    told = true;
                }
                sleeper.sleep(GLANCE);
            }
            return new TargetLock(channel);
        } catch (IOException | InterruptedException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether a process is fetching the file now. */
    public static boolean isHeld(Path target) {
        Path lock = file(target);
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            return tryLock(channel) == null;
        } catch (IOException e) {
            // What cannot be told counts as held.
            return true;
        }
    }

    private static Path file(Path target) {
        return target.resolveSibling(".locks").resolve(target.getFileName() + ".lock");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // It is this process that has it, in another thread.
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
