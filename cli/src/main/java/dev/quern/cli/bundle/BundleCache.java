package dev.quern.cli.bundle;

import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.ModelParts;
import dev.quern.cli.store.Reasons;
import dev.quern.cli.store.Staging;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Terminal;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelVerifier;
import dev.quern.gguf.Finding;
import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bundles compiled on the way to running a model. A bundle is used again as long as model file (path, size and time),
 * profile, context, cache and compiler are the same; when one of the last four changes nothing is deleted but what the
 * older compiler made.
 */
public final class BundleCache {
    private final CacheFolder cache;
    private final Terminal terminal;
    private final String classPath;

    public BundleCache(CacheFolder cache, Terminal terminal) {
        this(cache, terminal, System.getProperty("java.class.path", ""));
    }

    BundleCache(CacheFolder cache, Terminal terminal, String classPath) {
        this.cache = cache;
        this.terminal = terminal;
        this.classPath = classPath;
    }

    /** The bundle of a model, compiled if it is not here yet. */
    public Path bundle(Path model, CompileOptions options) {
        try {
            Path file = model.toAbsolutePath();
            StringBuilder places = new StringBuilder();
            StringBuilder states = new StringBuilder();
            for (Path part : ModelParts.of(file)) {
                places.append(part.toRealPath()).append('\n');
                states.append(Files.size(part)).append('\n');
                states.append(Files.getLastModifiedTime(part)).append('\n');
            }
            String subject =
                    places.toString() + options.profile() + "\n" + options.context() + "\n" + options.chunk() + "\n"
                            + options.pipeline().names() + "\n" + options.others() + "\n"
                            + options.cache().text();
            String state = states + CompilerIdentity.ofClassPath(classPath);
            String family = stem(file) + "-" + options.profile().name() + "-"
                    + CompilerIdentity.digest(subject).substring(0, 12) + "-";
            Path target = cache.bundles()
                    .resolve(family + CompilerIdentity.digest(state).substring(0, 12));
            if (!Files.exists(target.resolve(Manifest.FILE))) {
                new Compilation(cache, terminal).run(file, options, target, this::warn);
                deleteOlder(family, target);
            }
            return target;
        } catch (IOException e) {
            throw notKept(model, e);
        } catch (BundleException e) {
            // Its message names a file that nobody asked for.
            throw e.getCause() instanceof IOException cause ? notKept(model, cause) : e;
        }
    }

    private StoreException notKept(Path model, IOException cause) {
        return new StoreException(
                "The bundle of " + model + " cannot be kept in " + cache.root() + ": " + Reasons.of(cause) + ". "
                        + CacheFolder.ADVICE,
                cause);
    }

    /** What the tokenizer finds is told by whoever opens the bundle, each time. */
    private void warn(Finding finding) {
        if (!finding.where().equals(ModelVerifier.TOKENIZER)) {
            terminal.err().println("warning: " + finding);
        }
    }

    /** Bundles of the same model for the same use, from another compiler or an older file. */
    private void deleteOlder(String family, Path kept) throws IOException {
        try (Stream<Path> bundles = Files.list(cache.bundles())) {
            List<Path> older = bundles.filter(
                            bundle -> bundle.getFileName().toString().startsWith(family))
                    .filter(bundle -> !bundle.equals(kept))
                    .toList();
            for (Path bundle : older) {
                Staging.deleteAll(bundle);
            }
        }
    }

    private static String stem(Path model) {
        String name = model.getFileName().toString();
        return name.endsWith(".gguf") ? name.substring(0, name.length() - 5) : name;
    }
}
