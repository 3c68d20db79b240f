package dev.quern.gguf;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container that was read and found sound: metadata and tensors; their data stays in the source. */
public final class GgufFile {
    private final ByteSource source;
    private final int version;
    private final GgufMetadata metadata;
    private final List<GgufTensor> tensors;
    private final Map<String, GgufTensor> tensorsByName;
    private final long alignment;
    private final long dataStart;
    private final List<Finding> warnings;

    GgufFile(
            ByteSource source,
            int version,
            GgufMetadata metadata,
            List<GgufTensor> tensors,
            long alignment,
            long dataStart,
            List<Finding> warnings) {
        this.source = source;
        this.version = version;
        this.metadata = metadata;
        this.tensors = List.copyOf(tensors);
        this.alignment = alignment;
        this.dataStart = dataStart;
        this.warnings = List.copyOf(warnings);
        this.tensorsByName = new HashMap<>();
        for (GgufTensor tensor : tensors) {
            tensorsByName.put(tensor.name(), tensor);
        }
    }

    /** Where the file was read from. */
    public ByteSource source() {
        return source;
    }

    /** The version of the format: 2 or 3. */
    public int version() {
        return version;
    }

    /** The metadata. */
    public GgufMetadata metadata() {
        return metadata;
    }

    /** The tensors in the order of the file's table. */
    public List<GgufTensor> tensors() {
        return tensors;
    }

    /** The tensor of that name. */
    public Optional<GgufTensor> tensor(String name) {
        return Optional.ofNullable(tensorsByName.get(name));
    }

    /**
     * The tensor of that name.
     *
     * @throws GgufException if there is none
     */
    public GgufTensor requireTensor(String name) {
        return tensor(name).orElseThrow(() -> new GgufException("tensor " + Quote.of(name), "The tensor is missing."));
    }

    /** The alignment of tensor data in bytes. */
    public long alignment() {
        return alignment;
    }

    /** Where tensor data begins, in bytes from the start of the file. */
    public long dataStart() {
        return dataStart;
    }

    /** What the container's reader found odd. */
    public List<Finding> warnings() {
        return warnings;
    }

    /**
     * Reads part of a tensor's data.
     *
     * @param offset where to begin, in bytes from the start of the tensor
     * @throws IOException if the medium fails, also when the file was cut after it was opened
     */
    public void read(GgufTensor tensor, long offset, byte[] target, int start, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > tensor.bytes() || length > tensor.bytes() - offset) {
            throw new IndexOutOfBoundsException("bytes " + offset + " to " + (offset + length) + " of tensor "
                    + Quote.of(tensor.name()) + ", which has " + tensor.bytes());
        }
        source.read(tensor.offset() + offset, target, start, length);
    }
}
