package dev.quern.cli.web;

import dev.quern.cli.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the page lies that the build has made. */
public final class PageFolder {
    /** The system property that names the folder; the launcher sets it. */
    private static final String PROPERTY = "quern.page";

    private PageFolder() {}

    /**
     * The folder.
     *
     * @throws StoreException if this installation has no page
     */
    public static Path find() {
        String named = System.getProperty(PROPERTY, "");
        if (named.isEmpty() || !Files.isRegularFile(Path.of(named, "index.html"))) {
            throw new StoreException("The page is not built here"
                    + (named.isEmpty() ? "" : " (" + named + " has no index.html)")
                    + ". It takes Node.js with npm: run scripts/build-web in the checkout, then this again.");
        }
        return Path.of(named);
    }
}
