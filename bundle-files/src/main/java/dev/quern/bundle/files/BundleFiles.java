package dev.quern.bundle.files;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.BundleSink;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.BundleWriter;
import dev.quern.plan.bundle.KnownFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/** Chooses between folder and zip. */
public final class BundleFiles {
    /** A path that ends so is a zip, any other a folder. */
    public static final String ZIP_SUFFIX = ".quern";

    private BundleFiles() {}

    /** Opens a bundle to be read: a folder, or a file that is a zip. */
    public static BundleSource source(Path path) {
        if (Files.isDirectory(path)) {
            return new FolderSource(path);
        }
        if (Files.isRegularFile(path)) {
            return new ZipSource(path);
        }
        throw new BundleException(path + ": there is no such bundle");
    }

    /** Opens a bundle to be written: a zip if the path ends in {@code .quern}, a folder otherwise. */
    public static BundleSink sink(Path path) {
        return path.getFileName() != null && path.getFileName().toString().endsWith(ZIP_SUFFIX)
                ? new ZipSink(path)
                : new FolderSink(path);
    }

    /** A writer over {@link #sink}. */
    public static BundleWriter writer(Path path) {
        return new BundleWriter(sink(path), Sha256::new);
    }

    /** A reader over a source, which hashes every file whenever it is read. */
    public static BundleReader reader(BundleSource source) {
        return BundleReader.open(source, Sha256::new);
    }

    /** A reader over a source of which some files may be known from before. */
    public static BundleReader reader(BundleSource source, KnownFiles known) {
        return BundleReader.open(source, Sha256::new, known);
    }
}
