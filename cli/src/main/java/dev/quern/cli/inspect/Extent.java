package dev.quern.cli.inspect;

import dev.quern.cli.terminal.Counted;
import dev.quern.cli.terminal.Sizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How far a file was checked. */
public final class Extent {
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final List<String> phrases = new ArrayList<>();

    /** All of a model file but its weights, as it is compiled for a kind of device. */
    void model(int tensors, String profile, int kernels) {
        fields.put("tensors", tensors);
        fields.put("profile", profile);
        fields.put("kernels", kernels);
        phrases.add(
                Counted.of(tensors, "tensor") + ", tokenizer, " + Counted.of(kernels, "kernel") + " for " + profile);
    }

    /** The weights of a model file: each was looked at, or none. */
    void weights(long bytes) {
        fields.put("weight_bytes_read", bytes);
        phrases.add(
                bytes > 0
                        ? Sizes.bytes(bytes) + " of weights read, and the arithmetic tried"
                        : "no weight read (--weights reads them)");
    }

    /** The hashes of a bundle's files. */
    void files(int files, long bytes) {
        fields.put("files", files);
        fields.put("file_bytes_read", bytes);
        phrases.add("the hashes of " + Counted.of(files, "file") + " (" + Sizes.bytes(bytes) + ")");
    }

    /** Which kernels were run, and where. */
    void device(String name, int kernels, int dispatches, int tokens) {
        fields.put("device", name);
        fields.put("kernels_run", kernels);
        fields.put("dispatches", dispatches);
        fields.put("tokens", tokens);
        phrases.add(Counted.of(kernels, "kernel") + " run on " + name + ", in "
                + Counted.of(dispatches, "dispatch", "dispatches") + " for each of " + Counted.of(tokens, "token"));
    }

    /** No kernel was run. */
    void noDevice(boolean asked) {
        if (!asked) {
            phrases.add("no kernel run (--device runs them)");
        }
    }

    Map<String, Object> json() {
        return new LinkedHashMap<>(fields);
    }

    /** For people; empty where nothing was checked. */
    @Override
    public String toString() {
        return fields.isEmpty() ? "" : String.join("; ", phrases);
    }
}
