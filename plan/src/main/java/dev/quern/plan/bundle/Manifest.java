package dev.quern.plan.bundle;

import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Plan;
import java.util.List;
import java.util.Optional;

/**
 * What a bundle holds.
 *
 * @param model facts on the model
 * @param symbols extents known only at run time, with their bounds
 * @param entryPoints names of what can be run
 * @param profiles the devices that there is a plan for, the preferred first
 * @param files every file but the manifest, in the order of writing
 */
public record Manifest(
        Model model,
        List<Plan.Symbol> symbols,
        List<String> entryPoints,
        List<DeviceProfile> profiles,
        List<FileEntry> files) {
    /** The version of the format that this code writes, and the only one that it reads. */
    public static final int FORMAT_VERSION = 2;

    /** The manifest's file. */
    public static final String FILE = "manifest.json";

    /** The tokenizer's file. */
    public static final String TOKENIZER_FILE = "tokenizer.json";

    public Manifest {
        symbols = List.copyOf(symbols);
        entryPoints = List.copyOf(entryPoints);
        profiles = List.copyOf(profiles);
        files = List.copyOf(files);
    }

    /** The file of the plan for a profile. */
    public static String planFile(String profile) {
        return "plan-" + profile + ".json";
    }

    /** The file of a kernel. */
    public static String kernelFile(String kernel) {
        return "kernels/" + kernel + ".wgsl";
    }

    /** A file of weights: {@code weights/007.bin}. */
    public static String weightFile(int index) {
        String digits = Integer.toString(index);
        return "weights/" + "000".substring(Math.min(3, digits.length())) + digits + ".bin";
    }

    /** The entry of a file. */
    public Optional<FileEntry> file(String name) {
        return files.stream().filter(file -> file.name().equals(name)).findFirst();
    }

    /**
     * Facts on the model.
     *
     * @param name as the model calls itself
     * @param architecture as in GGUF: {@code llama}
     * @param encoding the encoding of most weights: {@code q8_0}
     * @param parameters number of weights' elements
     * @param layers number of blocks
     * @param embeddingLength elements of a token's vector
     * @param heads query heads
     * @param keyValueHeads key and value heads
     * @param vocabularySize tokens
     * @param contextLength positions that this bundle has room for
     * @param trainedContextLength positions that the model was trained for
     * @param cacheEncoding how keys and values are kept
     * @param sampling how tokens are best chosen
     */
    public record Model(
            String name,
            String architecture,
            String encoding,
            long parameters,
            int layers,
            int embeddingLength,
            int heads,
            int keyValueHeads,
            int vocabularySize,
            int contextLength,
            int trainedContextLength,
            CacheEncoding cacheEncoding,
            SamplingAdvice sampling) {}

    /**
     * A file of the bundle.
     *
     * @param name with {@code /} between folder and file
     * @param bytes its size
     * @param sha256 64 lower-case hexadecimal digits
     */
    public record FileEntry(String name, long bytes, String sha256) {}
}
