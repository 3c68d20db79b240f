package dev.quern.cli;

import dev.quern.cli.bundle.BundleCache;
import dev.quern.cli.bundle.Compilation;
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
 */
record Context(Terminal terminal, Input input, Map<String, String> environment) {

    CacheFolder cache() {
        return CacheFolder.of(environment);
    }

    ModelStore store() {
        return new ModelStore(cache(), terminal, environment);
    }

    BundleCache bundles() {
        return new BundleCache(cache(), terminal);
    }

    Compilation compilation() {
        return new Compilation(cache(), terminal);
    }

    boolean debug() {
        return !environment.getOrDefault("QUERN_DEBUG", "").isEmpty();
    }
}
