package dev.quern.endtoend;

import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import dev.quern.reference.TensorBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The tensors of a file, each read as a whole. */
record ModelBytes(GgufFile file) implements TensorBytes {
    @Override
    public ByteBuffer bytes(String tensorName) {
        GgufTensor tensor = file.requireTensor(tensorName);
        byte[] data = new byte[Math.toIntExact(tensor.bytes())];
        try {
            file.read(tensor, 0, data, 0, data.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(data);
    }
}
