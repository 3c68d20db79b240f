package dev.quern.cli.ir;

import dev.quern.cli.bundle.ModelTensors;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.store.RefusedFileException;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensor;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Names;
import dev.quern.reference.DecodedWeights;
import dev.quern.reference.WeightSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The weights of a model file, found by the names that a graph gives in {@code from}. They are decoded when they are
 * used and not kept.
 */
public final class ModelWeights implements WeightSource, AutoCloseable {
    private final Path path;
    private final FileByteSource source;
    private final GgufFile file;

    private ModelWeights(Path path, FileByteSource source, GgufFile file) {
        this.path = path;
        this.source = source;
        this.file = file;
    }

    /** Opens a model file and reads its container. */
    public static ModelWeights open(Path path) throws IOException {
        FileByteSource source = FileByteSource.open(path);
        try {
            return new ModelWeights(path, source, GgufReader.read(source));
        } catch (GgufException e) {
            source.close();
            throw new RefusedFileException(path, e);
        }
    }

    @Override
    public float[] decoded(Weight weight) {
        if (weight.sources().isEmpty()) {
            throw new IrException("The weight @" + Names.print(weight.name()) + " names no tensor of " + path
                    + ": {from = [\"NAME\"]} is expected behind its type.");
        }
        for (String name : weight.sources()) {
            GgufTensor tensor = file.tensor(name)
                    .orElseThrow(() -> new IrException(
                            "The weight @" + Names.print(weight.name()) + " comes from the tensor " + name + ", and "
                                    + path + " has no such tensor. 'quern inspect --tensors' lists what it has."));
            String encoding = tensor.type().name().toLowerCase(Locale.ROOT);
            if (!encoding.equals(weight.type().encoding().text())) {
                throw new IrException("The weight @" + Names.print(weight.name()) + " is "
                        + weight.type().encoding().text() + ", and the tensor " + name + " of " + path + " is "
                        + encoding + ". Is this the model that the graph was made from?");
            }
        }
        return new DecodedWeights(new ModelTensors(file)).decoded(weight);
    }

    @Override
    public void close() {
        source.close();
    }
}
