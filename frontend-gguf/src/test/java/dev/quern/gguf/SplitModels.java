package dev.quern.gguf;

import dev.quern.gguf.GgufValue.IntegerValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Splits models as the tools do: all metadata in the first file, a part of the tensors in each. */
public final class SplitModels {
    private SplitModels() {}

    /** The files of a model, in order; the first may have no tensors. */
    public static List<byte[]> split(byte[] model, int files) {
        GgufFile whole = GgufReader.read(ByteSource.of(model));
        List<byte[]> parts = new ArrayList<>();
        for (int index = 0; index < files; index++) {
            parts.add(part(whole, index, files).toBytes());
        }
        return parts;
    }

    /** The source over such files. */
    public static ByteSource joined(List<byte[]> files) {
        return ByteSource.joined(files.stream().map(ByteSource::of).toList());
    }

    /** One of the files, to be changed. */
    public static GgufWriter part(GgufFile whole, int index, int files) {
        var writer = new GgufWriter();
        if (index == 0) {
            whole.metadata().entries().forEach(entry -> writer.put(entry.key(), entry.value()));
        }
        writer.put("split.no", new IntegerValue(ValueType.U16, index))
                .put("split.count", new IntegerValue(ValueType.U16, files))
                .put(
                        "split.tensors.count",
                        new IntegerValue(ValueType.I32, whole.tensors().size()));
        int count = whole.tensors().size();
        for (GgufTensor tensor : whole.tensors().subList(count * index / files, count * (index + 1) / files)) {
            writer.tensor(tensor.name(), tensor.type(), tensor.extents(), data(whole, tensor));
        }
        return writer;
    }

    private static byte[] data(GgufFile file, GgufTensor tensor) {
        byte[] data = new byte[(int) tensor.bytes()];
        try {
            file.read(tensor, 0, data, 0, data.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return data;
    }
}
