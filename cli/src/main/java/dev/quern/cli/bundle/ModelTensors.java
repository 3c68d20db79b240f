package dev.quern.cli.bundle;

import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.architecture.FiniteWeights;
import dev.quern.reference.TensorBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The tensors of a model file, each read when it is asked for and refused if a weight is NaN or infinite.
 *
 * @param file that is open
 */
public record ModelTensors(GgufFile file) implements TensorBytes {
    @Override
    public ByteBuffer bytes(String name) {
        return bytes(name, 0, Math.toIntExact(size(name)));
    }

    @Override
    public long size(String name) {
        return file.requireTensor(name).bytes();
    }

    /** Only these are read: a tensor may be larger than the heap. */
    @Override
    public ByteBuffer bytes(String name, long start, int length) {
        GgufTensor tensor = file.requireTensor(name);
        byte[] data = new byte[length];
        try {
            file.read(tensor, start, data, 0, length);
            FiniteWeights.require(tensor, start, data, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }
}
