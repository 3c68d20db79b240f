package dev.quern.cli.inspect;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.bundle.SelfTestOracle;
import dev.quern.cli.store.FileByteSource;
import dev.quern.cli.store.Reasons;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelVerifier;
import dev.quern.compiler.ModelVerifier.Verdict;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufTensor;
import dev.quern.plan.BundleException;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
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

/**
 * What was found in a file.
 *
 * @param file as it was named
 * @param findings all, in the order of the checks
 * @param extent how far it was checked: phrases for people, and fields
 */
public record FileVerdict(String file, List<Finding> findings, Extent extent) {
    public FileVerdict {
        findings = List.copyOf(findings);
    }

    /** How much to check. */
    public interface Scope {
        /** What a model file would be compiled for; asked only where there is one. */
        CompileOptions options();

        /**
         * Whether to read all weights of a model file, look for infinities and NaNs, and try the arithmetic; those of a
         * bundle are always hashed.
         */
        boolean weights();

        /** Whether to run all kernels on the device. */
        boolean device();

        /** What the device's limits are lowered to. */
        Optional<DeviceProfile.Limits> limits();

        /** The bundle of a model file, compiled where it is not here yet; asked only to run it. */
        Path bundle(Path model);
    }

    /** A name that stands for no file. */
    public static FileVerdict missing(String name, String reason) {
        return new FileVerdict(name, List.of(Finding.error("file", reason)), new Extent());
    }

    /**
     * Checks a model file or a bundle.
     *
     * @param name as it was named
     */
    public static FileVerdict of(String name, Path file, Scope scope) {
        var extent = new Extent();
        try {
            List<Finding> findings = switch (FileKind.of(file)) {
                case BUNDLE -> bundle(file, scope, extent);
                case GGUF -> model(file, scope, extent);
            };
            return new FileVerdict(name, findings, extent);
        } catch (IOException e) {
            return missing(name, "It cannot be read: " + Reasons.of(e) + ".");
        }
    }

    /** What follows from the findings. */
    public Verdict verdict() {
        return ModelVerifier.verdict(findings);
    }

    /** The fields {@code file}, {@code verdict}, {@code findings} and {@code checked}. */
    public Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("file", file);
        fields.put("verdict", verdict().name().toLowerCase(Locale.ROOT));
        fields.put("findings", findings.stream().map(FileVerdict::json).toList());
        fields.put("checked", extent.json());
        return fields;
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        fields.put("where", finding.where());
        fields.put("message", finding.message());
        return fields;
    }

    private static List<Finding> model(Path file, Scope scope, Extent extent) throws IOException {
        List<Finding> findings = new ArrayList<>();
        try (FileByteSource source = FileByteSource.open(file)) {
            CompileOptions options = scope.options();
            ModelVerifier.Report report = ModelVerifier.verify(source, options, scope.weights());
            findings.addAll(report.findings());
            if (report.verdict() == Verdict.REFUSED || report.compiled().isEmpty()) {
                return findings;
            }
            CompiledModel compiled = report.compiled().get();
            extent.model(
                    compiled.file().tensors().size(),
                    options.profile().name(),
                    compiled.plan().kernels().size());
            if (scope.weights()) {
                trial(compiled, options).ifPresent(findings::add);
            }
            extent.weights(
                    scope.weights()
                            ? compiled.file().tensors().stream()
                                    .mapToLong(GgufTensor::bytes)
                                    .sum()
                            : 0);
        }
        if (scope.device() && ModelVerifier.verdict(findings) != Verdict.REFUSED) {
            findings.addAll(run(scope.bundle(file), scope.limits(), extent));
        }
        extent.noDevice(scope.device());
        return findings;
    }

    /** What is wrong with the model's arithmetic, tried as it is when the model is compiled. */
    private static Optional<Finding> trial(CompiledModel compiled, CompileOptions options) {
        try {
            SelfTestOracle.of(compiled, options.pipeline());
            return Optional.empty();
        } catch (IllegalArgumentException refusal) {
            return Optional.of(Finding.error("arithmetic", String.valueOf(refusal.getMessage())));
        }
    }

    private static List<Finding> bundle(Path file, Scope scope, Extent extent) {
        List<Finding> findings = new ArrayList<>();
        try (BundleSource source = BundleFiles.source(file)) {
            BundleReader reader = BundleFiles.reader(source);
            reader.verify().forEach(problem -> findings.add(Finding.error("bundle", problem)));
            List<Manifest.FileEntry> files = reader.manifest().files();
            extent.files(
                    files.size(),
                    files.stream().mapToLong(Manifest.FileEntry::bytes).sum());
            Tokenizers.of(TokenizerJson.read(reader.text(Manifest.TOKENIZER_FILE)))
                    .warnings()
                    .forEach(warning -> findings.add(Finding.warning(Manifest.TOKENIZER_FILE, warning)));
            if (scope.device() && ModelVerifier.verdict(findings) != Verdict.REFUSED) {
                findings.addAll(selfTest(reader, scope.limits(), extent));
            }
            extent.noDevice(scope.device());
        } catch (BundleException e) {
            findings.add(Finding.error("bundle", String.valueOf(e.getMessage())));
        } catch (TokenizerException e) {
            findings.add(Finding.error(Manifest.TOKENIZER_FILE, String.valueOf(e.getMessage())));
        }
        return findings;
    }

    /** Runs the self-test of a bundle that was just made, or is kept. */
    private static List<Finding> run(Path bundle, Optional<DeviceProfile.Limits> most, Extent extent) {
        try (BundleSource source = BundleFiles.source(bundle)) {
            return selfTest(BundleFiles.reader(source), most, extent);
        } catch (BundleException e) {
            return List.of(Finding.error("bundle", String.valueOf(e.getMessage())));
        }
    }

    /** Runs a bundle's self-test on the device at hand. */
    private static List<Finding> selfTest(BundleReader reader, Optional<DeviceProfile.Limits> most, Extent extent) {
        if (reader.manifest().file(SelfTest.FILE).isEmpty()) {
            return List.of(Finding.warning(SelfTest.FILE, "The bundle has no self-test; the device was not tried."));
        }
        SelfTest test = SelfTest.read(reader.text(SelfTest.FILE));
        try (WgpuGpu gpu = WgpuGpu.open(most);
                Executor executor = ExecutorLoader.load(reader, gpu, null, LoadProgress.SILENT)) {
            Optional<String> problem = SelfTestRun.run(executor, test);
            if (problem.isEmpty()) {
                List<EntryPoint.Step> steps =
                        executor.plan().entryPoint(EntryPoint.STEP).steps();
                extent.device(
                        gpu.info().name(),
                        (int) steps.stream()
                                .map(EntryPoint.Step::kernel)
                                .distinct()
                                .count(),
                        steps.size(),
                        test.tokens().size());
            }
            return problem.map(
                            each -> List.of(Finding.error("device " + gpu.info().name(), each)))
                    .orElse(List.of());
        } catch (GpuException e) {
            return List.of(Finding.error("device", String.valueOf(e.getMessage())));
        }
    }
}
