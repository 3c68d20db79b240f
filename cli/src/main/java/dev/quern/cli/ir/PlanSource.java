package dev.quern.cli.ir;

import dev.quern.plan.text.PlanReader;
import dev.quern.plan.text.TextPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads and verifies plans as text. */
public final class PlanSource {
    /** The folder beside a plan's text that holds the kernels. */
    static final String KERNELS = "kernels";

    private PlanSource() {}

    /**
     * Reads a plan. The WGSL of its kernels is looked for in the folder {@code kernels} beside it; it may be missing,
     * since no rule of a plan asks for it.
     *
     * @throws dev.quern.ir.text.read.ReadException if it is no plan, or none that the verifier accepts
     */
    public static TextPlan read(SourceText text) {
        return PlanReader.readVerified(text.name(), text.text(), file -> kernel(text.folder(), file));
    }

    private static Optional<String> kernel(Path folder, String file) {
        Path path = folder.resolve(KERNELS).resolve(file);
        try {
            return Files.isRegularFile(path) ? Optional.of(Files.readString(path)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
