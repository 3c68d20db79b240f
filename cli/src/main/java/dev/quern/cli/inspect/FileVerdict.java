package dev.quern.cli.inspect;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.bundle.SelfTestOracle;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.store.Reasons;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelVerifier;
import dev.quern.compiler.ModelVerifier.Verdict;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.runtime.Executor;
import dev.quern.runtime.ExecutorLoader;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.LoadProgress;
import dev.quern.runtime.SelfTestRun;
import dev.quern.runtime.wgpu.WgpuGpu;
import dev.quern.text.TokenizerException;
import dev.quern.text.TokenizerJson;
import dev.quern.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was found in a file.
 *
 * @param file as it was named
 * @param findings all, in the order of the checks
 */
public record FileVerdict(Path file, List<Finding> findings) {
    public FileVerdict {
        findings = List.copyOf(findings);
    }

    /**
     * Checks a model file or a bundle.
     *
     * @param options what a model file would be compiled for; asked only where there is one
     * @param device whether to run a bundle's self-test on the device
     * @param weights whether to read all weights of a model file, look for infinities and NaNs, and try the arithmetic;
     *     those of a bundle are always hashed
     */
    public static FileVerdict of(Path file, Supplier<CompileOptions> options, boolean weights, boolean device) {
        try {
            return switch (FileKind.of(file)) {
                case BUNDLE -> new FileVerdict(file, bundle(file, device));
                case GGUF -> {
                    try (FileByteSource source = FileByteSource.open(file)) {
                        yield new FileVerdict(file, model(source, options.get(), weights));
                    }
                }
            };
        } catch (IOException e) {
            return new FileVerdict(file, List.of(Finding.error("file", "It cannot be read: " + Reasons.of(e) + ".")));
        }
    }

    /** What follows from the findings. */
    public Verdict verdict() {
        return new ModelVerifier.Report(findings).verdict();
    }

    /** The fields {@code file}, {@code verdict} and {@code findings}. */
    public Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", file.toString());
        fields.put("verdict", verdict().name().toLowerCase(Locale.ROOT));
        fields.put("findings", findings.stream().map(FileVerdict::json).toList());
        return fields;
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        fields.put("where", finding.where());
        fields.put("message", finding.message());
        return fields;
    }

    private static List<Finding> model(ByteSource source, CompileOptions options, boolean weights) {
        ModelVerifier.Report report = ModelVerifier.verify(source, options, weights);
        if (!weights || report.verdict() == Verdict.REFUSED) {
            return report.findings();
        }
        List<Finding> findings = new ArrayList<>(report.findings());
        trial(source, options).ifPresent(findings::add);
        return findings;
    }

    /** What is wrong with the model's arithmetic, tried as it is when the model is compiled. */
    private static Optional<Finding> trial(ByteSource source, CompileOptions options) {
        try {
            SelfTestOracle.of(ModelCompiler.compile(source, options), options.pipeline());
            return Optional.empty();
        } catch (IllegalArgumentException refusal) {
            return Optional.of(Finding.error("arithmetic", String.valueOf(refusal.getMessage())));
        }
    }

    private static List<Finding> bundle(Path file, boolean device) {
        List<Finding> findings = new ArrayList<>();
        try (BundleSource source = BundleFiles.source(file)) {
            BundleReader reader = BundleFiles.reader(source);
            reader.verify().forEach(problem -> findings.add(Finding.error("bundle", problem)));
            Tokenizers.of(TokenizerJson.read(reader.text(Manifest.TOKENIZER_FILE)))
                    .warnings()
                    .forEach(warning -> findings.add(Finding.warning(Manifest.TOKENIZER_FILE, warning)));
            if (device && new ModelVerifier.Report(findings).verdict() != Verdict.REFUSED) {
                findings.addAll(selfTest(reader));
            }
        } catch (BundleException e) {
            findings.add(Finding.error("bundle", String.valueOf(e.getMessage())));
        } catch (TokenizerException e) {
            findings.add(Finding.error(Manifest.TOKENIZER_FILE, String.valueOf(e.getMessage())));
        }
        return findings;
    }

    /** Runs a bundle's self-test on the device at hand. */
    private static List<Finding> selfTest(BundleReader reader) {
        if (reader.manifest().file(SelfTest.FILE).isEmpty()) {
            return List.of(Finding.warning(SelfTest.FILE, "The bundle has no self-test; the device was not tried."));
        }
        SelfTest test = SelfTest.read(reader.text(SelfTest.FILE));
        try (WgpuGpu gpu = WgpuGpu.open();
                Executor executor = ExecutorLoader.load(reader, gpu, null, LoadProgress.SILENT)) {
            return SelfTestRun.run(executor, test)
                    .map(problem -> List.of(Finding.error("device " + gpu.info().name(), problem)))
                    .orElse(List.of());
        } catch (GpuException e) {
            return List.of(Finding.error("device", String.valueOf(e.getMessage())));
        }
    }
}
