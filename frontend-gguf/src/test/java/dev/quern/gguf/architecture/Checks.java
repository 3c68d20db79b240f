package dev.quern.gguf.architecture;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTokenizer;
import java.util.List;
import java.util.Optional;

/** All that this module finds in a file: what it says of the model and of the tokenizer, and its weights. */
public final class Checks {
    private Checks() {}

    /** The findings; anything else that is thrown goes through. */
    public static List<Finding> findings(ByteSource source, boolean weights) {
        var findings = new Findings();
        try {
            Optional<GgufFile> file = ModelFile.container(source, findings);
            if (file.isPresent()) {
                ModelFile.of(file.get(), findings);
                findings.step(own -> GgufTokenizer.read(file.get(), own));
                if (weights) {
                    new WeightScan(file.get(), findings).run();
                }
            }
            return findings.list();
        } catch (GgufException surrender) {
            return surrender.findings();
        }
    }
}
