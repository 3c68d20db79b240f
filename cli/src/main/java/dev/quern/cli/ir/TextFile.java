package dev.quern.cli.ir;

import dev.quern.bundle.files.Leftovers;
import dev.quern.cli.store.OutputFile;
import dev.quern.cli.store.Staging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes texts so that a file under its name is always complete. */
public final class TextFile {
    private TextFile() {}

    /**
     * Writes in UTF-8 under a temporary name beside the target, then moves it there.
     *
     * @throws dev.quern.cli.store.StoreException if a model or a bundle would be overwritten
     */
    public static void write(Path named, String text) throws IOException {
        OutputFile output = OutputFile.of(named);
        Path target = output.path();
        if (!output.isPlain()) {
            Files.writeString(target, text);
            return;
        }
        Path temporary = Leftovers.unusedName(target, ".partial-");
        Leftovers leftovers = new Leftovers(temporary);
        try {
            Files.writeString(temporary, text);
            Staging.moveInto(temporary, target);
            leftovers.keep();
        } finally {
            leftovers.remove();
        }
    }
}
