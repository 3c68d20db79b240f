package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.bundle.files.Sha256;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelVerifier;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import dev.quern.ir.Encoding;
import dev.quern.plan.DeviceProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Weights that are NaN or infinite are refused where they are read, by name, and nothing else is. */
class FiniteWeightsTest {
    @Provide
    static Arbitrary<Encoding> encodings() {
        return Arbitraries.of(Stream.concat(
                        Stream.of(Encoding.Scalar.F32, Encoding.Scalar.F16, Encoding.Scalar.BF16),
                        Stream.of(Encoding.Block.values()))
                .toList());
    }

    /** Compiling and verifying say the same; of a bundle nothing is left. */
    @Property(tries = 40)
    void compilingAndVerifyingAgree(@ForAll("encodings") Encoding encoding, @ForAll Random random) throws IOException {
        GgufTensorType type = GgufTensorType.valueOf(encoding.text().toUpperCase(Locale.ROOT));
        byte[] model = RandomModels.write(ModelCases.SHAPES.getFirst(), Recipe.uniform(type));
        GgufFile file = GgufReader.read(ByteSource.of(model));
        List<GgufTensor> tensors = file.tensors();
        GgufTensor tensor = tensors.get(random.nextInt(tensors.size()));
        // Whatever the type is, and wherever its scales stand, a block of ones is no number.
        int bytes = tensor.type().blockBytes();
        int at = Math.toIntExact(tensor.offset() + (long) bytes * random.nextInt((int) (tensor.bytes() / bytes)));
        for (int index = at; index < at + bytes; index++) {
            model[index] = (byte) 0xff;
        }
        Path folder = Files.createTempDirectory("quern-finite");
        Path bundle = folder.resolve("bundle.quern");
        CompileOptions options = CompileOptions.of(DeviceProfile.PORTABLE);
        var compiled = ModelCompiler.compile(ByteSource.of(model), options);
        var refused = assertThrows(
                GgufException.class,
                () -> ModelCompiler.write(compiled, BundleFiles.sink(bundle), Sha256::new, (done, total) -> {}));
        List<Finding> found =
                ModelVerifier.verify(ByteSource.of(model), options, true).findings();
        assertEquals(found, refused.findings());
        try (Stream<Path> left = Files.list(folder)) {
            assertFalse(left.findAny().isPresent(), "nothing is left of a bundle");
        }
        Files.delete(folder);
    }
}
