package dev.quern.gguf.architecture;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Checks a model file as a whole and tells all that was found: container, architecture, hyper-parameters, tensors,
 * tokenizer, and the weights themselves where asked.
 */
public final class ModelVerifier {
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
     */
    public record Report(List<Finding> findings) {
        /** Copies the findings. */
        public Report {
            findings = List.copyOf(findings);
        }

        /** The verdict that follows from the findings. */
        public Verdict verdict() {
            if (findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR)) {
                return Verdict.REFUSED;
            }
            return findings.isEmpty() ? Verdict.OK : Verdict.WARNED;
        }
    }

    /**
     * Checks a file.
     *
     * @param scanWeights whether to read all tensor data and look for infinities and NaNs
     */
    public static Report verify(ByteSource source, boolean scanWeights) {
        var findings = new ArrayList<Finding>();
        step(findings, ignored -> GgufReader.read(source)).ifPresent(file -> {
            findings.addAll(file.warnings());
            verify(file, scanWeights, findings);
        });
        return new Report(findings);
    }

    private static void verify(GgufFile file, boolean scanWeights, List<Finding> findings) {
        if (file.tensors().isEmpty()) {
            findings.add(Finding.error(
                    "file", "There are no tensors; the file holds metadata or a vocabulary only, not a model."));
        }
        step(findings, ignored -> Architectures.of(file))
                .ifPresent(architecture -> step(findings, into -> architecture.hyperparameters(file, into))
                        .ifPresent(sizes -> {
                            if (!file.tensors().isEmpty()) {
                                step(findings, into -> {
                                    architecture.checkTensors(file, sizes, into);
                                    return sizes;
                                });
                            }
                        }));
        step(findings, into -> GgufTokenizer.read(file, into));
        if (scanWeights) {
            step(findings, into -> {
                new WeightScan(file, into).run();
                return file;
            });
        }
    }

    /** Runs one check; what it finds joins the others, whether it refuses or not. */
    private static <T> Optional<T> step(List<Finding> findings, Function<Findings, T> check) {
        var own = new Findings();
        try {
            T result = check.apply(own);
            findings.addAll(own.list());
            return own.hasErrors() ? Optional.empty() : Optional.of(result);
        } catch (GgufException refusal) {
            List<Finding> thrown = refusal.findings();
            // A refusal at the end of a check holds all that was found; one in between holds itself only.
            if (!thrown.containsAll(own.list())) {
                findings.addAll(own.list());
            }
            findings.addAll(thrown);
            return Optional.empty();
        }
    }
}
