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
import dev.quern.gguf.architecture.FiniteWeights;
import dev.quern.ir.Encoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.BlockCodec;
import dev.quern.reference.Numerics;
import java.io.IOException;
import java.nio.ByteBuffer;
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
    private static final int BLOCKS = 3;

    @Provide
    static Arbitrary<Encoding> encodings() {
        return Arbitraries.of(Stream.concat(
                        Stream.of(Encoding.Scalar.F32, Encoding.Scalar.F16, Encoding.Scalar.BF16),
                        Stream.of(Encoding.Block.values()))
                .toList());
    }

    /**
     * Bits at random, with many ones among them: what decodes to numbers that are not finite, and only that, is
     * refused.
     */
    @Property(tries = 2000)
    void whatDecodesToNoFiniteNumberIsRefused(@ForAll("encodings") Encoding encoding, @ForAll Random random) {
        byte[] data = new byte[BLOCKS * encoding.bytes()];
        random.nextBytes(data);
        for (int index = 0; index < data.length; index++) {
            data[index] |= (byte) (random.nextInt(4) == 0 ? 0x7c : 0);
            data[index] |= (byte) (random.nextInt(4) == 0 ? 0xff : 0);
        }
        float[] decoded = BlockCodec.of(encoding).decode(ByteBuffer.wrap(data));
        int first = Numerics.firstNotFinite(decoded);
        GgufTensorType type = GgufTensorType.valueOf(encoding.text().toUpperCase(Locale.ROOT));
        long elements = (long) BLOCKS * encoding.elements();
        var tensor = new GgufTensor("t", type, List.of(elements), 64, data.length);
        String refusal = "";
        try {
            FiniteWeights.require(tensor, 0, data, 0, data.length);
        } catch (GgufException refused) {
            refusal = refused.getMessage();
        }
        if (encoding == Encoding.Block.MXFP4 && refusal.contains("NaN")) {
            // The exponent that the standard calls no number is one for the decoders.
            return;
        }
        int block = first / encoding.elements() * encoding.elements();
        String place = encoding.elements() == 1
                ? "Element " + first + " is "
                : "elements " + block + " to " + (block + encoding.elements() - 1) + ",";
        assertEquals(
                first >= 0 ? place : "",
                first >= 0 && refusal.contains(place) ? place : refusal,
                () -> refusalOf(first));
    }

    private static String refusalOf(int first) {
        return first < 0 ? "all is finite" : "element " + first + " is not finite";
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
