package dev.quern.gguf;

import java.util.List;
import java.util.stream.Stream;

/** Files that are wrong, each in one way: what a reader of files from strangers must stand. */
public final class BrokenFiles {
    private BrokenFiles() {}

    /** All of them. */
    public static List<BrokenFile> all() {
        return Stream.of(
                        BrokenHeaders.all(),
                        BrokenMetadata.all(),
                        BrokenTensors.all(),
                        BrokenHyperparameters.all(),
                        BrokenTokenizers.all())
                .flatMap(List::stream)
                .toList();
    }
}
