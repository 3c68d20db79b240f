package dev.quern.gguf.architecture;

import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.Quote;
import dev.quern.ir.Module;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads all tensor data once, in pieces of about a mebibyte, and looks for what compiling would refuse as it reads:
 * weights that are NaN or infinite. Of each tensor the first is told. In a tensor that the model does not use they do
 * no harm.
 */
public final class WeightScan {
    private static final int PIECE_BYTES = 1 << 20;

    private final GgufFile file;
    private final Findings findings;

    /** A scan of a file; findings take the first bad number of each tensor. */
    public WeightScan(GgufFile file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** Scans all tensors. */
    public void run() {
        Optional<Set<String>> used = used();
        for (GgufTensor tensor : file.tensors()) {
            if (FiniteWeights.canLook(tensor.type())) {
                boolean harmful =
                        used.map(names -> names.contains(tensor.name())).orElse(true);
                find(tensor).ifPresent(finding -> findings.add(harmful ? finding : harmless(finding)));
            }
        }
    }

    /** The tensors that the model is made of, for some context or other; nothing where it cannot be made. */
    private Optional<Set<String>> used() {
        try {
            Set<String> names = new HashSet<>();
            for (long served : new long[] {1, Long.MAX_VALUE}) {
                Module graph = Architectures.of(file)
                        .build(file, GraphOptions.ofContext(1).serving(served));
                graph.weights().forEach(weight -> names.addAll(weight.sources()));
            }
            return Optional.of(names);
        } catch (GgufException refused) {
            // Another check says why.
            return Optional.empty();
        }
    }

    private static Finding harmless(Finding finding) {
        return Finding.warning(finding.where(), finding.message() + " This model does not use the tensor.");
    }

    private Optional<Finding> find(GgufTensor tensor) {
        int block = tensor.type().blockBytes();
        byte[] piece = new byte[(int) Math.min(tensor.bytes(), PIECE_BYTES - PIECE_BYTES % block)];
        for (long start = 0; start < tensor.bytes(); start += piece.length) {
            int length = (int) Math.min(piece.length, tensor.bytes() - start);
            try {
                file.read(tensor, start, piece, 0, length);
            } catch (IOException failure) {
                throw new GgufException(
                        "offset " + tensor.offset() + ", tensor " + Quote.of(tensor.name()),
                        "Reading the data failed: " + failure.getMessage());
            }
            Optional<Finding> found = FiniteWeights.find(tensor, start, piece, 0, length);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
