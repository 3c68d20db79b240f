package dev.quern.cli.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of files that a model was split into: {@code model-00001-of-00003.gguf} and so on, as the tools that split
 * models write them.
 *
 * @param stem what stands before the numbers
 * @param count how many files there are, at least two
 */
public record ModelParts(String stem, int count) {
    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

    /** The parts that a name speaks of; none if it is not the name of a part. */
    public static Optional<ModelParts> in(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(matcher.group(2));
        int count = Integer.parseInt(matcher.group(3));
        return number >= 1 && number <= count && count > 1
                ? Optional.of(new ModelParts(matcher.group(1), count))
                : Optional.empty();
    }

    /** The names of all parts, in order. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            names.add("%s-%05d-of-%05d.gguf".formatted(stem, number, count));
        }
        return names;
    }

    /**
     * The files that a model's file is one of, in order: itself alone, unless its name is that of a part.
     *
     * @throws IOException if a part is missing
     */
    public static List<Path> of(Path file) throws IOException {
        Optional<ModelParts> parts = in(String.valueOf(file.getFileName()));
        if (parts.isEmpty()) {
            return List.of(file);
        }
        List<Path> files =
                parts.get().names().stream().map(file::resolveSibling).toList();
        for (Path part : files) {
            if (!Files.exists(part)) {
                throw new IOException("the model is split into " + parts.get().count() + " files, and "
                        + part.getFileName() + " is not beside it");
            }
        }
        return files;
    }
}
