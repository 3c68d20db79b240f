package dev.quern.cli.bundle;

import dev.quern.cli.bundle.BundleNote.ModelFile;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.store.ModelParts;
import dev.quern.cli.store.Reasons;
import dev.quern.cli.store.Staging;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Terminal;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelVerifier;
import dev.quern.gguf.Finding;
import dev.quern.plan.BundleException;
import dev.quern.plan.Plan;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.verify.PlanVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The compiler's identity, once it was asked for. */
    private String compiler = "";

    /** The files of the models that were asked for. */
    private final Map<Path, List<ModelFile>> known = new HashMap<>();

    public BundleCache(CacheFolder cache, Terminal terminal) {
        this(cache, terminal, System.getProperty("java.class.path", ""));
    }

    BundleCache(CacheFolder cache, Terminal terminal, String classPath) {
        this.cache = cache;
        this.terminal = terminal;
        this.classPath = classPath;
    }

    /** Where a bundle is kept. */
    private record Place(Path model, List<ModelFile> files, String family, Path folder) {
        boolean isTaken() {
            return Files.exists(folder.resolve(Manifest.FILE));
        }
    }

    /** The bundle of a model, compiled if it is not here yet. */
    public Path bundle(Path model, CompileOptions options) {
        try {
            Place place = place(model, options);
            if (!place.isTaken()) {
                var note = new BundleNote(place.files(), compiler());
                new Compilation(cache, terminal).run(place.model(), options, place.folder(), this::warn);
                note.write(cache, place.folder());
                SharedWeights.share(cache, place.folder());
                deleteOlder(place.family(), place.folder());
            }
            return place.folder();
        } catch (IOException e) {
            throw notKept(model, e);
        } catch (BundleException e) {
            // Its message names a file that nobody asked for.
            throw e.getCause() instanceof IOException cause ? notKept(model, cause) : e;
        }
    }

    /**
     * The bundle of a model for one device. A model that needs no more than the limits that all such devices have gets
     * the bundle that all of them share.
     *
     * @param usual for every device of the kind
     * @param fitted for this one, with its own limits
     */
    public Path bundle(Path model, CompileOptions usual, CompileOptions fitted) {
        if (usual.profile().equals(fitted.profile())) {
            return bundle(model, usual);
        }
        for (CompileOptions options : List.of(fitted, usual)) {
            Optional<Path> kept = kept(model, options);
            if (kept.isPresent()) {
                return kept.get();
            }
        }
        return bundle(model, needsMore(model, usual, fitted) ? fitted : usual);
    }

    /** Whether the plan for one device asks for more than others of its kind have; found without reading weights. */
    private static boolean needsMore(Path model, CompileOptions usual, CompileOptions fitted) {
        try (FileByteSource source = FileByteSource.open(model)) {
            Plan plan = ModelCompiler.compile(source, fitted).plan();
            return !PlanVerifier.problems(plan.withProfile(usual.profile())).isEmpty();
        } catch (IOException | RuntimeException e) {
            // What is wrong with the model is said when it is compiled, with all that belongs to such an error.
            return false;
        }
    }

    /** The bundle of a model, if it is here. */
    public Optional<Path> kept(Path model, CompileOptions options) {
        try {
            return Optional.of(place(model, options)).filter(Place::isTaken).map(Place::folder);
        } catch (IOException e) {
            throw notKept(model, e);
        }
    }

    private Place place(Path model, CompileOptions options) throws IOException {
        Path file = model.toAbsolutePath();
        StringBuilder places = new StringBuilder();
        StringBuilder states = new StringBuilder();
        List<ModelFile> files = files(file);
        for (ModelFile each : files) {
            places.append(each.path()).append('\n');
            states.append(each.size()).append('\n').append(each.modified()).append('\n');
        }
        String subject = places + options.profile().toString() + "\n" + options.context() + "\n" + options.chunk()
                + "\n"
                + options.pipeline().names() + "\n" + options.others() + "\n"
                + options.cache().text();
        String family = stem(file) + "-" + options.profile().name() + "-"
                + CompilerIdentity.digest(subject).substring(0, 12) + "-";
        return new Place(
                file,
                files,
                family,
                cache.bundles()
                        .resolve(family
                                + CompilerIdentity.digest(states + compiler()).substring(0, 12)));
    }

    /** A model's files as they were when they were asked for first: a start asks for several bundles of one model. */
    private List<ModelFile> files(Path model) throws IOException {
        List<ModelFile> found = known.get(model);
        if (found == null) {
            found = new ArrayList<>();
            for (Path part : parts(model)) {
                found.add(ModelFile.of(part));
            }
            known.put(model, List.copyOf(found));
        }
        return found;
    }

    /** The model's files; that one of them is missing has nothing to do with the cache. */
    private static List<Path> parts(Path model) {
        try {
            return ModelParts.of(model);
        } catch (IOException e) {
            throw new StoreException(model.getFileName() + " cannot be read: " + Reasons.of(e) + ".", e);
        }
    }

    /** Identity of the compiler, which bundles are made with. */
    public String compiler() {
        try {
            if (compiler.isEmpty()) {
                compiler = CompilerIdentity.ofClassPath(classPath);
            }
            return compiler;
        } catch (IOException e) {
            throw new StoreException("The compiler's own files cannot be read: " + Reasons.of(e) + ".", e);
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
                BundleNote.whileUnused(cache, bundle, () -> Staging.deleteAll(bundle));
            }
        }
    }

    private static String stem(Path model) {
        String name = model.getFileName().toString();
        return name.endsWith(".gguf") ? name.substring(0, name.length() - 5) : name;
    }
}
