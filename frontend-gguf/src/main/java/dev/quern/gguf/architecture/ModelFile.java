package dev.quern.gguf.architecture;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import java.util.Optional;

/**
 * A model file of which container, architecture, hyper-parameters and table of tensors were read and found sound; the
 * tensors' data was not looked at.
 *
 * @param file the container
 * @param architecture what builds its graph
 * @param sizes the hyper-parameters
 */
public record ModelFile(GgufFile file, Architecture architecture, Hyperparameters sizes) {
    /**
     * Reads a container.
     *
     * @param findings takes all that is wrong or odd
     * @return nothing if it is refused
     */
    public static Optional<GgufFile> container(ByteSource source, Findings findings) {
        Optional<GgufFile> file = findings.attemptReading(() -> GgufReader.read(source));
        file.ifPresent(read -> read.warnings().forEach(findings::add));
        return file;
    }

    /**
     * Reads what a container says of its model, all checks one after the other: what one of them finds does not hide
     * what the next does.
     *
     * @param findings takes all that is wrong or odd
     * @return nothing if the file is refused
     */
    public static Optional<ModelFile> of(GgufFile file, Findings findings) {
        if (file.tensors().isEmpty()) {
            findings.add(Finding.error(
                    "file", "There are no tensors; the file holds metadata or a vocabulary only, not a model."));
        }
        Optional<Architecture> architecture = findings.attempt(() -> Architectures.of(file));
        if (architecture.isEmpty()) {
            return Optional.empty();
        }
        Optional<Hyperparameters> sizes =
                findings.step(own -> architecture.get().hyperparameters(file, own));
        if (sizes.isEmpty() || file.tensors().isEmpty()) {
            return Optional.empty();
        }
        architecture.get().checkTensors(file, sizes.get(), findings);
        return findings.hasErrors()
                ? Optional.empty()
                : Optional.of(new ModelFile(file, architecture.get(), sizes.get()));
    }
}
