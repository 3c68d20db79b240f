package dev.quern.cli;

import dev.quern.cli.bundle.BundleCache;
import dev.quern.cli.bundle.Compilation;
import dev.quern.cli.kept.Inventory;
import dev.quern.cli.start.Shares;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.ModelStore;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import java.util.Map;

/**
 * What the commands share.
 *
 * @param terminal where they write
 * @param input what they are given to read
 * @param environment the variables of the process
 * @param shares takes the time of a start
 */
record Context(Terminal terminal, Input input, Map<String, String> environment, Shares shares) {

    /** With a stopwatch that nobody reads. */
    Context(Terminal terminal, Input input, Map<String, String> environment) {
        this(terminal, input, environment, Shares.of(false));
    }

    CacheFolder cache() {
        return CacheFolder.of(environment);
    }

    ModelStore store() {
        return new ModelStore(cache(), terminal, environment);
    }

    BundleCache bundles() {
        return new BundleCache(cache(), terminal);
    }

    /** What the cache keeps now. */
    Inventory inventory() {
        return Inventory.of(cache(), store().stored(), bundles().compiler());
    }

    /** Bytes of all that the cache keeps. */
    long bytesKept() {
        return Inventory.bytesOf(cache());
    }

    Compilation compilation() {
        return new Compilation(cache(), terminal);
    }

    /** Whether the environment asks for all that can be told. */
    static boolean isDebug(Map<String, String> environment) {
        return !environment.getOrDefault("QUERN_DEBUG", "").isEmpty();
    }

    boolean debug() {
        return isDebug(environment);
    }
}
