package dev.quern.cli.store;

import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufException;
import java.nio.file.Path;
import java.util.List;

/** A model file that is refused, by its name: the reader of model files sees bytes alone. */
public final class RefusedFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final transient List<Finding> findings;

    public RefusedFileException(Path file, GgufException refusal) {
        super(refusal);
        this.file = file;
        this.findings = refusal.findings();
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** All that was found. */
    public List<Finding> findings() {
        return findings;
    }
}
