package dev.quern.browsercheck;

import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelVerifier;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.MemoryBundle;
import dev.quern.runtime.Engine;
import dev.quern.runtime.Generation;
import dev.quern.runtime.GenerationRequest;
import dev.quern.runtime.LoadProgress;
import dev.quern.runtime.Scoring;
import dev.quern.text.Sampling;
import dev.quern.text.Tokenizer;
import java.util.List;

/** The whole way from a model file to text: what a page that compiles and runs a model will call. */
final class WholePathCheck {
    private WholePathCheck() {}

    static String run() {
        ByteSource source = ByteSource.of(file());
        CompileOptions options = CompileOptions.of(DeviceProfile.PORTABLE);
        StringBuilder out = new StringBuilder(
                ModelVerifier.verify(source, options, true).findings().toString());
        CompiledModel compiled = ModelCompiler.compile(source, options);
        var bundle = new MemoryBundle();
        ModelCompiler.write(compiled, bundle, SumDigest::new, (done, total) -> out.append(done));
        BundleReader reader = BundleReader.open(bundle, SumDigest::new);
        try (Engine engine = Engine.load(reader, new SilentGpu(), null, LoadProgress.SILENT, System::nanoTime)) {
            int[] prompt = engine.tokenizer().encode("Once upon a time", Tokenizer.Options.PROMPT);
            var sampling = new Sampling(0.8f, 40, 0.9f, 0.05f, 1);
            Generation generation = engine.session()
                    .generate(GenerationRequest.of(prompt, 8, sampling, List.of("end")), () -> false, out::append);
            generation.finish();
            Scoring scoring = engine.session().score(generation.tokens(), (at, logits) -> out.append(logits[0]));
            scoring.finish();
            return out.append(generation.notice())
                    .append(generation.statistics())
                    .toString();
        }
    }

    private static byte[] file() {
        return new GgufWriter()
                .string("general.architecture", "llama")
                .tensor("output_norm.weight", GgufTensorType.F32, List.of(16L), new byte[64])
                .toBytes();
    }
}
