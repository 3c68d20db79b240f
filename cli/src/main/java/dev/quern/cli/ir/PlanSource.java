package dev.quern.cli.ir;

import dev.quern.ir.text.read.At;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.text.read.Tree;
import dev.quern.plan.text.PlanReader;
import dev.quern.plan.text.TextPlan;
import dev.quern.plan.verify.PlanVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and verifies plans as text. */
public final class PlanSource {
    /** The folder beside a plan's text that holds the kernels. */
    static final String KERNELS = "kernels";

    private PlanSource() {}

    /**
     * Reads a plan. The WGSL of its kernels is looked for in the folder {@code kernels} beside it; it may be missing, since no rule of a plan
     * asks for it.
     *
     * @throws dev.quern.ir.text.read.ReadException if it is no plan
     * @throws IrException if it is none that the verifier accepts
     */
    public static TextPlan read(SourceText text) {
        TextPlan read = PlanReader.read(text.name(), text.text(), file -> kernel(text.folder(), file));
        List<String> problems = PlanVerifier.problems(read.plan());
        if (!problems.isEmpty()) {
            Tree tree = Reader.tree(text.name(), text.text());
            Map<String, At> places = places(tree);
            throw new IrException(String.join(
                    "\n",
                    problems.stream()
                            .map(problem -> tree.source().shown(place(places, problem), problem))
                            .toList()));
        }
        return read;
    }

    private static Optional<String> kernel(Path folder, String file) {
        Path path = folder.resolve(KERNELS).resolve(file);
        try {
            return Files.isRegularFile(path) ? Optional.of(Files.readString(path)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the parts of a plan stand, by the words with which the verifier begins to speak of them. */
    private static Map<String, At> places(Tree tree) {
        Map<String, At> places = new LinkedHashMap<>();
        for (Tree.Declaration declaration : tree.declarations()) {
            String words = switch (declaration) {
                case Tree.Declaration.Symbol symbol -> "symbol " + symbol.name().text();
                case Tree.Declaration.Weight weight -> "weight " + weight.name().text();
                case Tree.Declaration.Other other -> words(other);
            };
            places.putIfAbsent(words, declaration.at());
        }
        for (Tree.Function function : tree.functions()) {
            String name = function.name().text();
            places.putIfAbsent("entry point " + name, function.at());
            for (int step = 0; step < function.body().size(); step++) {
                places.putIfAbsent(
                        name + " step " + step + " (", function.body().get(step).at());
            }
        }
        return places;
    }

    private static String words(Tree.Declaration.Other other) {
        List<String> names = new ArrayList<>();
        for (Tree.Subject subject : other.subjects()) {
            if (subject instanceof Tree.Name name) {
                names.add(name.text());
            }
        }
        return switch (other.word().text()) {
            case "memory" -> "the certificate";
            case "region" -> String.join(" value ", names);
            default -> other.word().text() + " " + String.join(" ", names);
        };
    }

    /** The place that the longest beginning of a sentence names, else the beginning of the text. */
    private static At place(Map<String, At> places, String problem) {
        String longest = "";
        At found = new At(1, 1);
        for (Map.Entry<String, At> entry : places.entrySet()) {
            if (problem.startsWith(entry.getKey()) && entry.getKey().length() > longest.length()) {
                longest = entry.getKey();
                found = entry.getValue();
            }
        }
        return found;
    }
}
