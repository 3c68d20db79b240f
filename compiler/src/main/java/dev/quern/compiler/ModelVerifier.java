package dev.quern.compiler;

import dev.quern.codegen.lowering.SelectionException;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.architecture.ModelFile;
import dev.quern.gguf.architecture.WeightScan;
import dev.quern.text.chat.BuildingTrial;
import java.util.List;
import java.util.Optional;

/**
 * Tells what compiling a model file would say: it goes all the way, but for the weights' bytes, and collects what is
 * found instead of ending with it.
 */
public final class ModelVerifier {
    /** Where findings stand that are the tokenizer's own, once it was built. */
    public static final String TOKENIZER = "tokenizer";

    private ModelVerifier() {}

    /** What becomes of the file. */
    public enum Verdict {
        /** Nothing was found. */
        OK,
        /** The file can be used, but something is odd. */
        WARNED,
        /** The file cannot be used. */
        REFUSED
    }

    /**
     * The result of a check.
     *
     * @param findings all that was found, in the order of the checks
     * @param compiled the model as it is compiled, all but its weights' bytes, where that can be
     */
    public record Report(List<Finding> findings, Optional<CompiledModel> compiled) {
        /** Copies the findings. */
        public Report {
            findings = List.copyOf(findings);
        }

        /** The verdict that follows from the findings. */
        public Verdict verdict() {
            return ModelVerifier.verdict(findings);
        }
    }

    /** The verdict that follows from findings. */
    public static Verdict verdict(List<Finding> findings) {
        if (findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR)) {
            return Verdict.REFUSED;
        }
        return findings.isEmpty() ? Verdict.OK : Verdict.WARNED;
    }

    /**
     * Checks a file.
     *
     * @param options what it would be compiled for
     * @param scanWeights whether to read all tensor data and look for infinities and NaNs
     */
    public static Report verify(ByteSource source, CompileOptions options, boolean scanWeights) {
        var findings = new Findings();
        try {
            Optional<GgufFile> file = ModelFile.container(source, findings);
            Optional<CompiledModel> compiled = file.flatMap(
                            read -> CheckedModel.of(read, new BuildingTrial(), findings))
                    .flatMap(model -> compile(model, options, findings));
            if (scanWeights) {
                file.ifPresent(read -> findings.step(own -> {
                    new WeightScan(read, own).run();
                    return read;
                }));
            }
            return new Report(findings.list(), compiled);
        } catch (GgufException surrender) {
            return new Report(surrender.findings(), Optional.empty());
        }
    }

    private static Optional<CompiledModel> compile(CheckedModel model, CompileOptions options, Findings findings) {
        try {
            ModelCompiler.context(options, model.model().sizes());
        } catch (IllegalArgumentException refusal) {
            findings.error("context", String.valueOf(refusal.getMessage()));
            return Optional.empty();
        }
        try {
            CompileOptions.graph(1, 1, options.cache()).require(model.model().sizes());
        } catch (IllegalArgumentException refusal) {
            findings.error("cache", String.valueOf(refusal.getMessage()));
            return Optional.empty();
        }
        try {
            CompiledModel compiled = ModelCompiler.compile(model, options, CompileObserver.NONE);
            options.others().forEach(other -> ModelCompiler.planFor(other, compiled));
            return Optional.of(compiled);
        } catch (SelectionException refusal) {
            findings.error("profile " + options.profile().name(), String.valueOf(refusal.getMessage()));
            return Optional.empty();
        }
    }
}
