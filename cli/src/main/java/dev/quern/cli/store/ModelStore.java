package dev.quern.cli.store;

import dev.quern.cli.arguments.PathArgument;
import dev.quern.cli.http.Sleeper;
import dev.quern.cli.terminal.ProgressLine;
import dev.quern.cli.terminal.Terminal;
import dev.quern.cli.terminal.Visible;
import dev.quern.gguf.ByteSource;
import dev.quern.ir.text.Nearest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds and fetches models: a path, a known name, the name of something pulled before, or an address. */
public final class ModelStore {
    private static final String SUFFIX = ".gguf";

    private final CacheFolder cache;
    private final Terminal terminal;
    private final Download download;
    private final WheelPackage packages;

    /**
     * @param environment what says through which proxies files come, and who asks for them
     */
    public ModelStore(CacheFolder cache, Terminal terminal, Map<String, String> environment) {
        this(cache, terminal, Download.of(environment), WheelPackage.usual());
    }

    ModelStore(CacheFolder cache, Terminal terminal, Download download, WheelPackage packages) {
        this.cache = cache;
        this.terminal = terminal;
        this.download = download;
        this.packages = packages;
    }

    /**
     * A model in the store.
     *
     * @param name by which it can be run
     * @param file where it lies, or the first of its files
     */
    public record Stored(String name, Path file) {
        /** The size of its file, or of all its files. */
        public long bytes() throws IOException {
            long sum = 0;
            for (Path part : ModelParts.of(file)) {
                sum += Files.size(part);
            }
            return sum;
        }
    }

    /** The models that lie in the store, in the order of the names; nothing that is no file. */
    public List<Stored> stored() {
        try (Stream<Path> files = Files.list(cache.models())) {
            return files.filter(file -> file.toString().endsWith(SUFFIX) && Files.isRegularFile(file))
                    .filter(ModelStore::isWholeOrFirst)
                    .sorted()
                    .map(file -> new Stored(withoutSuffix(file), file))
                    .toList();
        } catch (IOException e) {
            throw new StoreException(
                    "The models in " + cache.models() + " cannot be listed: " + Reasons.of(e) + ".", e);
        }
    }

    /**
     * The file that a person means: a path that exists, or a name or address, which is pulled if it is not here yet.
     *
     * @throws StoreException if there is no such thing
     */
    public Path resolve(String argument) {
        requireName(argument);
        if (ModelAddress.isMeant(argument)) {
            return pull(argument, Optional.empty());
        }
        try {
            Path path = PathArgument.of(argument);
            if (Files.exists(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new StoreException("'" + Visible.line(argument) + "' is no path: " + e.getReason() + ".", e);
        }
        if (KnownModel.named(argument).isPresent()) {
            return pull(argument, Optional.empty());
        }
        return named(argument)
                .map(Stored::file)
                .orElseThrow(() -> new StoreException(
                        argument.endsWith(SUFFIX) || argument.contains("/") || argument.endsWith(".quern")
                                ? "There is no file " + Visible.line(argument) + "."
                                : "There is no file and no model named " + Visible.line(argument) + "."
                                        + meant(argument) + " 'quern pull' lists the names."));
    }

    /** A question after a name that is none, if it is nearly one. */
    private String meant(String name) {
        return Nearest.question(
                name,
                Stream.concat(
                                KnownModel.ALL.stream().map(KnownModel::name),
                                stored().stream().map(Stored::name))
                        .distinct()
                        .toList());
    }

    /** What was pulled under a name: that very name, or else the first that differs in capitals only. */
    private Optional<Stored> named(String name) {
        List<Stored> alike = stored().stream()
                .filter(stored -> stored.name().equalsIgnoreCase(name))
                .toList();
        return alike.stream()
                .filter(stored -> stored.name().equals(name))
                .findFirst()
                .or(() -> alike.stream().findFirst());
    }

    /**
     * Fetches a model by known name or address, unless it is here.
     *
     * @param as the name to store it under; otherwise the known name, or the last part of the address
     */
    public Path pull(String nameOrAddress, Optional<String> as) {
        requireName(nameOrAddress);
        if (ModelAddress.isMeant(nameOrAddress)) {
            return pullAddress(ModelAddress.of(nameOrAddress), as);
        }
        KnownModel model = KnownModel.named(nameOrAddress)
                .orElseThrow(() -> new StoreException(
                        "There is no model named " + Visible.line(nameOrAddress) + " to pull." + meant(nameOrAddress)
                                + " 'quern pull' lists the names; an address begins with https://."));
        Path target = target(as.orElse(model.name()));
        fetchUnlessHere(model.name(), target, progress -> {
            model.terms().ifPresent(terms -> terminal.err().println(terms));
            packages.fetch(model, target, progress);
        });
        return target;
    }

    /** Whether a file is a model, or the first of a model's files that are all here. */
    private static boolean isWholeOrFirst(Path file) {
        try {
            return ModelParts.of(file).getFirst().equals(file);
        } catch (IOException e) {
            return false;
        }
    }

    /** Fetches what is not here, alone: who comes second waits for the first and finds what it has fetched. */
    private void fetchUnlessHere(String name, Path target, Consumer<ProgressLine> fetch) {
        if (Files.exists(target)) {
            return;
        }
        try (ProgressLine progress = terminal.bytes("Downloading " + name);
                TargetLock _ = TargetLock.acquire(target, Sleeper.REAL, progress)) {
            if (!Files.exists(target)) {
                fetch.accept(progress);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Download.INTERRUPTED, e);
        } catch (IOException e) {
            throw new StoreException(
                    Visible.line(target) + " cannot be written: " + Reasons.of(e) + ". " + CacheFolder.ADVICE, e);
        }
    }

    private Path pullAddress(ModelAddress address, Optional<String> as) {
        String name = address.fileName();
        Optional<ModelParts> parts = ModelParts.in(name);
        return parts.isPresent()
                ? pullParts(address, name, parts.get(), as)
                : pullFile(address.uri(), target(as.orElse(name)), address.sha256());
    }

    /**
     * Fetches all files of a model of which an address names one; the others lie beside it.
     *
     * @param name of the file that the address names, whose hash it may give
     * @return the first file
     */
    private Path pullParts(ModelAddress address, String name, ModelParts parts, Optional<String> as) {
        ModelParts here = as.map(other -> new ModelParts(other, parts.count())).orElse(parts);
        List<Path> files = new ArrayList<>();
        for (int index = 0; index < parts.count(); index++) {
            String part = parts.names().get(index);
            files.add(pullFile(
                    address.sibling(part),
                    target(here.names().get(index)),
                    part.equals(name) ? address.sha256() : Optional.empty()));
        }
        return files.getFirst();
    }

    private Path pullFile(URI bare, Path target, Optional<String> sha256) {
        Path origin = target.resolveSibling(target.getFileName() + ".origin");
        fetchUnlessHere(
                String.valueOf(target.getFileName()),
                target,
                progress -> download.fetch(
                        bare,
                        target,
                        sha256,
                        file -> {
                            FetchedModel.requireGguf(bare, file);
                            Files.writeString(origin, bare + "\n");
                        },
                        progress));
        try {
            FetchedModel.requireSameOrigin(bare, target, origin);
            if (sha256.isPresent()) {
                FetchedModel.requireDigest(target, sha256.get());
            }
            return target;
        } catch (IOException e) {
            throw new StoreException(target + " cannot be read: " + Reasons.of(e) + ".", e);
        }
    }

    /**
     * A model that lies on a server.
     *
     * @param name of its file there
     * @param source of its bytes, which fetches what is read
     */
    public record Remote(String name, ByteSource source) {}

    /**
     * A model at an address, of which nothing is here: only what is read of it is fetched, and nothing is kept.
     *
     * @return nothing if the argument is no address, or if the model is here
     * @throws StoreException if it cannot be fetched, or its server sends whole files alone
     */
    public Optional<Remote> remote(String argument) {
        if (!ModelAddress.isMeant(argument)) {
            return Optional.empty();
        }
        ModelAddress address = ModelAddress.of(argument);
        String name = address.fileName();
        if (Files.exists(target(name))) {
            return Optional.empty();
        }
        List<String> names = ModelParts.in(name).map(ModelParts::names).orElse(List.of(name));
        List<ByteSource> parts = new ArrayList<>();
        for (String part : names) {
            parts.add(download.look(part.equals(name) ? address.uri() : address.sibling(part)));
        }
        return Optional.of(new Remote(name, ByteSource.joined(parts)));
    }

    /** A script whose variable is empty means no file, and not the folder that it runs in. */
    private static void requireName(String argument) {
        if (argument.isBlank()) {
            throw new StoreException("The name of the model is empty. 'quern pull' lists the names.");
        }
    }

    private Path target(String name) {
        String fileName = name.endsWith(SUFFIX) ? name : name + SUFFIX;
        boolean isPlain = fileName.indexOf('/') < 0
                && fileName.indexOf('\\') < 0
                && !fileName.startsWith(".")
                && Visible.line(fileName).equals(fileName);
        if (!isPlain) {
            throw new StoreException("A model cannot be stored under the name '" + Visible.line(name)
                    + "': a plain name is expected, such as my-model. Give one with --as.");
        }
        return cache.models().resolve(fileName);
    }

    private static String withoutSuffix(Path file) {
        String name = file.getFileName().toString();
        Optional<ModelParts> parts = ModelParts.in(name);
        if (parts.isPresent()) {
            return parts.get().stem();
        }
        return name.substring(0, name.length() - SUFFIX.length());
    }
}
