package dev.quern.cli.bundle;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.store.CacheFolder;
import dev.quern.plan.bundle.BundleSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A bundle that is read: one of the cache counts as used now, and is not removed before this is closed. */
public final class HeldSource implements BundleSource {
    private final BundleSource source;
    private final BundleNote.Use use;

    private HeldSource(BundleSource source, BundleNote.Use use) {
        this.source = source;
        this.use = use;
    }

    /** Opens a bundle, which may also lie elsewhere. */
    public static HeldSource open(CacheFolder cache, Path bundle) {
        BundleNote.Use use = BundleNote.use(cache, bundle);
        try {
            return new HeldSource(BundleFiles.source(bundle), use);
        } catch (RuntimeException e) {
            use.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean has(String file) {
        return source.has(file);
    }

    @Override
    public long size(String file) {
        return source.size(file);
    }

    @Override
    public void read(String file, long offset, ByteBuffer into) {
        source.read(file, offset, into);
    }

    @Override
    public void close() {
        source.close();
        use.close();
    }
}
