package dev.quern.cli.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What tells, without reading a file, that it is the one that was there before, unchanged: size, times, and where the
 * file system has them the number of its node and the time at which anything about it changed, which no program can
 * set back.
 *
 * @param text of it all, on one line without spaces
 * @param changed when the file last changed
 */
public record FileIdentity(String text, Instant changed) {
    /** Clocks of file systems may be so coarse: a file that changed just now may change again and look the same. */
    private static final Duration COARSEST_CLOCK = Duration.ofSeconds(2);

    /** The identity of a file; nothing where there is none, or it cannot be told. */
    public static Optional<FileIdentity> of(Path file) {
        try {
            return Optional.of(
                    file.getFileSystem().supportedFileAttributeViews().contains("unix") ? ofNode(file) : ofTimes(file));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static FileIdentity ofNode(Path file) throws IOException {
        Map<String, Object> node = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino,dev");
        Instant modified = time(node, "lastModifiedTime");
        Instant changed = time(node, "ctime");
        return new FileIdentity(
                node.get("size") + ":" + modified + ":" + changed + ":" + node.get("dev") + ":" + node.get("ino"),
                changed.isAfter(modified) ? changed : modified);
    }

    private static Instant time(Map<String, Object> attributes, String name) {
        return ((FileTime) Objects.requireNonNull(attributes.get(name))).toInstant();
    }

    private static FileIdentity ofTimes(Path file) throws IOException {
        var basic = Files.readAttributes(file, BasicFileAttributes.class);
        Instant modified = basic.lastModifiedTime().toInstant();
        Instant created = basic.creationTime().toInstant();
        return new FileIdentity(
                basic.size() + ":" + modified + ":" + created, created.isAfter(modified) ? created : modified);
    }

    /** Whether the file has been as it is for so long that another change would show in its times. */
    boolean isSettled(Instant now) {
        return changed.plus(COARSEST_CLOCK).isBefore(now);
    }
}
