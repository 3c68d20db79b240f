package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufMetadata;

/** A model that was split is complete, or its one file says what is missing. */
final class SplitParts {
    private SplitParts() {}

    static void check(GgufFile file, Findings findings) {
        GgufMetadata metadata = file.metadata();
        int tensorCount = file.tensors().size();
        long present = file.source().parts().size();
        long parts = findings.attempt(() -> metadata.findInteger("split.count").orElse(0))
                .orElse(0L);
        long number = findings.attempt(() -> metadata.findInteger("split.no").orElse(0))
                .orElse(0L);
        if (present == 1 && (parts < 0 || parts > 1 || number != 0)) {
            findings.error(
                    metadata.where("split.count"),
                    "This is file " + (number + 1) + " of a model that was split into " + parts
                            + " files. All of them are needed, beside each other and under the names that they were"
                            + " given: model-00001-of-00003.gguf is the first of three.");
        }
        long tensors = findings.attempt(
                        () -> metadata.findInteger("split.tensors.count").orElse(tensorCount))
                .orElse((long) tensorCount);
        if (parts == present && tensors != tensorCount) {
            findings.error(
                    metadata.where("split.tensors.count"),
                    "The value is " + tensors + ", but there are " + tensorCount + " tensors.");
        }
    }
}
