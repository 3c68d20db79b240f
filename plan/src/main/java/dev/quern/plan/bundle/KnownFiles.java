package dev.quern.plan.bundle;

/**
 * What a host knows of a bundle's files from an earlier reading: files that had the hash of the manifest then, and have
 * not changed since, are not hashed again.
 */
public interface KnownFiles {
    /** A host that keeps no account: every file is hashed whenever it is read. */
    KnownFiles NONE = new KnownFiles() {
        @Override
        public boolean holds(Manifest.FileEntry file) {
            return false;
        }

        @Override
        public void begin(Manifest.FileEntry file) {}

        @Override
        public void verified(Manifest.FileEntry file) {}
    };

    /** Whether the file is known to have the hash that its entry states. */
    boolean holds(Manifest.FileEntry file);

    /** The file is about to be read and hashed. */
    void begin(Manifest.FileEntry file);

    /** All of the file has been read since {@link #begin}, and has the hash that its entry states. */
    void verified(Manifest.FileEntry file);
}
