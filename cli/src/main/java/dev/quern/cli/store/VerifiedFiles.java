package dev.quern.cli.store;

import dev.quern.plan.bundle.KnownFiles;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of one bundle that were read once and had the hash that the manifest states, each with its
 * {@link FileIdentity} at that time: as long as that is the same they are not hashed again. The account lies in the
 * cache, a file for each bundle; whoever can write there can write bundles too.
 *
 * <p>It does no more than spare work: where it cannot be read or written, files are hashed.
 */
public final class VerifiedFiles implements KnownFiles {
    /** The folder in the cache. */
    static final String FOLDER = "verified";

    private static final String HEAD = "quern verified files 1";

    private final Path bundle;
    private final Path account;
    private final boolean trusting;
    private final InstantSource clock;
    private final Map<String, String> before;
    private final Map<String, String> now = new TreeMap<>();
    private final Map<String, FileIdentity> begun = new HashMap<>();
    private boolean news;

    private VerifiedFiles(
            Path bundle, Path account, boolean trusting, InstantSource clock, Map<String, String> before) {
        this.bundle = bundle;
        this.account = account;
        this.trusting = trusting;
        this.clock = clock;
        this.before = before;
    }

    /**
     * The account of a bundle.
     *
     * @param bundle a folder or a zip
     * @param insist whether every file is to be hashed, whatever the account says
     */
    public static VerifiedFiles of(CacheFolder cache, Path bundle, boolean insist) throws IOException {
        return of(cache, bundle, insist, InstantSource.system());
    }

    static VerifiedFiles of(CacheFolder cache, Path bundle, boolean insist, InstantSource clock) throws IOException {
        Path real = bundle.toRealPath();
        Path account = account(cache, real);
        return new VerifiedFiles(real, account, !insist, clock, read(account, real));
    }

    private static Map<String, String> read(Path account, Path bundle) {
        try {
            List<String> lines = Files.exists(account) ? Files.readAllLines(account) : List.of();
            if (lines.size() < 2 || !lines.get(0).equals(HEAD) || !lines.get(1).equals(bundle.toString())) {
                return Map.of();
            }
            Map<String, String> stamps = new HashMap<>();
            for (String line : lines.subList(2, lines.size())) {
                int end = line.indexOf(' ');
                if (end > 0) {
                    stamps.put(line.substring(0, end), line.substring(end + 1));
                }
            }
            return stamps;
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static Path account(CacheFolder cache, Path bundle) {
        return cache.root()
                .resolve(FOLDER)
                .resolve(Sha256.ofText(bundle.toString()).substring(0, 24));
    }

    /** Removes the account of a bundle that is about to go. */
    public static void forget(CacheFolder cache, Path bundle) throws IOException {
        Files.deleteIfExists(accountOf(cache, bundle));
    }

    /** Where the account of a bundle is, that need not be there. */
    public static Path accountOf(CacheFolder cache, Path bundle) throws IOException {
        return account(cache, bundle.toRealPath());
    }

    /** The accounts of bundles that are gone. */
    public static List<Path> withoutBundle(CacheFolder cache) {
        Path folder = cache.root().resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> accounts = Files.list(folder)) {
            return accounts.sorted().filter(VerifiedFiles::isWithoutBundle).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean isWithoutBundle(Path account) {
        try {
            List<String> lines = Files.readAllLines(account);
            return lines.size() < 2 || !Files.exists(Path.of(lines.get(1)));
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** What is compared: the hash that the manifest states, and what file this is. */
    private static String stamp(Manifest.FileEntry file, FileIdentity identity) {
        return file.sha256() + " " + identity.text();
    }

    private Optional<FileIdentity> identity(Manifest.FileEntry file) {
        return FileIdentity.of(Files.isDirectory(bundle) ? bundle.resolve(file.name()) : bundle);
    }

    @Override
    public synchronized boolean holds(Manifest.FileEntry file) {
        String known = before.get(file.name());
        if (known == null || !trusting) {
            return false;
        }
        boolean same =
                identity(file).filter(found -> stamp(file, found).equals(known)).isPresent();
        if (same) {
            now.put(file.name(), known);
        }
        return same;
    }

    @Override
    public synchronized void begin(Manifest.FileEntry file) {
        identity(file).ifPresent(found -> begun.put(file.name(), found));
    }

    @Override
    public synchronized void verified(Manifest.FileEntry file) {
        FileIdentity first = begun.remove(file.name());
        Optional<FileIdentity> last = identity(file);
        if (first != null && last.filter(first::equals).isPresent() && first.isSettled(clock.instant())) {
            now.put(file.name(), stamp(file, first));
            news = true;
        }
    }

    /** Keeps the account for the next start, if there is news. */
    public synchronized void save() {
        if (!news) {
            return;
        }
        Map<String, String> all = new TreeMap<>(before);
        all.putAll(now);
        List<String> lines = new ArrayList<>(List.of(HEAD, bundle.toString()));
        all.forEach((name, stamp) -> lines.add(name + " " + stamp));
        Path temporary = account.resolveSibling(
                account.getFileName() + ".new-" + ProcessHandle.current().pid());
        try {
            Files.createDirectories(account.getParent());
            Files.write(temporary, lines);
            Staging.moveInto(temporary, account);
            news = false;
        } catch (IOException e) {
            // The files are hashed again next time.
            temporary.toFile().delete();
        }
    }
}
