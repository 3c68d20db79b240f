package dev.quern.compiler;

import dev.quern.codegen.Selection;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufFile;
import dev.quern.ir.Module;
import dev.quern.passes.PassReport;
import dev.quern.plan.Plan;
import dev.quern.plan.bundle.Manifest;
import dev.quern.text.TokenizerData;
import java.util.List;

/**
 * A compiled model: every stage, and what a bundle is written from.
 *
 * @param file the container
 * @param imported the graph as the architecture builds it
 * @param optimised the graph after the passes, where weights are split that a device cannot bind whole
 * @param report what the passes did and left
 * @param selection the graph of kernels
 * @param plan the plan
 * @param facts for the manifest
 * @param tokenizer for the bundle
 * @param warnings what is odd about the file and does no harm
 */
public record CompiledModel(
        GgufFile file,
        Module imported,
        Module optimised,
        PassReport report,
        Selection selection,
        Plan plan,
        Manifest.Model facts,
        TokenizerData tokenizer,
        List<Finding> warnings) {
    /** Copies the warnings. */
    public CompiledModel {
        warnings = List.copyOf(warnings);
    }
}
