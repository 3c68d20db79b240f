package dev.quern.cli.web;

import dev.quern.cli.store.OutputFile;
import dev.quern.cli.store.Staging;
import dev.quern.cli.store.StoreException;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Writes the page and a bundle as a folder for any static host; every address in it is relative. */
public final class StaticSite {
    private static final int PIECE = 1 << 20;

    private StaticSite() {}

    /**
     * Refuses a place where something is.
     *
     * @throws StoreException if the target exists and is no empty folder, or lies in a folder that is not there
     */
    public static void checkFree(Path target) throws IOException {
        if (Files.exists(target) && !isEmptyFolder(target)) {
            throw new StoreException(target + " is there already. Name another folder, or delete it.");
        }
        OutputFile.requireFolderOf(target);
    }

    /**
     * Writes the page alone.
     *
     * @param target must not exist, or be an empty folder
     * @return bytes written
     */
    public static long write(Path page, Path target) throws IOException {
        return write(page, staging -> 0, target);
    }

    /**
     * Writes the page and a bundle.
     *
     * @param target must not exist, or be an empty folder
     * @return bytes written
     */
    public static long write(Path page, BundleSource bundle, Manifest manifest, Path target) throws IOException {
        return write(page, staging -> copyBundle(bundle, manifest, staging), target);
    }

    /** What lies beside the page in the folder. */
    private interface Beside {
        long write(Path staging) throws IOException;
    }

    /** Writes the folder under a temporary name and moves it to its place. */
    private static long write(Path page, Beside beside, Path target) throws IOException {
        checkFree(target);
        Path parent = target.toAbsolutePath().getParent();
        Path staging = Files.createTempDirectory(parent, ".quern-site-");
        try {
            long bytes = copyPage(page, staging) + beside.write(staging);
            Files.deleteIfExists(target);
            Files.move(staging, target);
            return bytes;
        } finally {
            Staging.deleteAll(staging);
        }
    }

    private static boolean isEmptyFolder(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    private static long copyBundle(BundleSource bundle, Manifest manifest, Path staging) throws IOException {
        long bytes = copy(bundle, Manifest.FILE, staging);
        for (var file : manifest.files()) {
            bytes += copy(bundle, file.name(), staging);
        }
        return bytes;
    }

    private static long copyPage(Path page, Path staging) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(page)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        long bytes = 0;
        for (Path file : files) {
            Path copy = staging.resolve(page.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
            bytes += Files.size(copy);
        }
        return bytes;
    }

    private static long copy(BundleSource bundle, String name, Path staging) throws IOException {
        Path copy = staging.resolve("bundle").resolve(name);
        Files.createDirectories(copy.getParent());
        long size = bundle.size(name);
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, Math.max(1, size)));
        try (FileChannel out = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long offset = 0; offset < size; offset += piece.limit()) {
                piece.clear().limit((int) Math.min(piece.capacity(), size - offset));
                bundle.read(name, offset, piece);
                piece.flip();
                while (piece.hasRemaining()) {
                    out.write(piece);
                }
            }
        }
        return size;
    }
}
