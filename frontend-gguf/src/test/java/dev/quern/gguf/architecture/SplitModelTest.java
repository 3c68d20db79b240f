package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.SmallModels;
import dev.quern.gguf.SplitModels;
import dev.quern.gguf.ValueType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SplitModelTest {
    private static final byte[] MODEL = SmallModels.llama().toBytes();
    private static final GgufFile WHOLE = GgufReader.read(ByteSource.of(MODEL));

    @Property(tries = 20)
    void aModelInFilesIsTheModelInOne(@ForAll @IntRange(min = 2, max = 25) int files) throws IOException {
        GgufFile split = GgufReader.read(SplitModels.joined(SplitModels.split(MODEL, files)));
        assertEquals(
                WHOLE.tensors().stream().map(GgufTensor::name).toList(),
                split.tensors().stream().map(GgufTensor::name).toList());
        for (GgufTensor tensor : split.tensors()) {
            assertArrayEquals(data(WHOLE, WHOLE.requireTensor(tensor.name())), data(split, tensor), tensor.name());
        }
        WHOLE.metadata()
                .entries()
                .forEach(entry -> assertEquals(
                        entry.value(),
                        split.metadata().entry(entry.key()).orElseThrow().value()));
        var findings = new Findings();
        assertTrue(ModelFile.of(split, findings).isPresent(), findings.list()::toString);
    }

    @Example
    void filesThatDoNotBelongTogetherAreRefused() {
        List<byte[]> files = SplitModels.split(MODEL, 3);
        assertRefused(List.of(files.get(0), files.get(2), files.get(1)), "file 2, ", "split.no", "but 1 was expected");
        assertRefused(files.subList(0, 2), "file 1, ", "split.count", "The value is 3, but 2 was expected");
        assertRefused(List.of(MODEL, MODEL), "file 1, key 'split.no'", "The value is missing", "but 2 was expected");
    }

    @Example
    void aFileThatIsDamagedIsNamed() {
        List<byte[]> files = new ArrayList<>(SplitModels.split(MODEL, 3));
        byte[] second = files.get(1);
        files.set(1, Arrays.copyOf(second, second.length - 100));
        assertRefused(files, "file 2, offset", "cut short");
        files.set(1, new byte[0]);
        assertRefused(files, "file 2, offset 0: The file is empty.");
    }

    @Example
    void aTensorThatIsThereTwiceIsRefused() {
        List<byte[]> files = new ArrayList<>(SplitModels.split(MODEL, 2));
        files.set(
                1,
                SplitModels.part(WHOLE, 1, 2)
                        .tensor("token_embd.weight", GgufTensorType.F32, List.of(4L), new byte[16])
                        .toBytes());
        assertRefused(files, "file 2, tensor 'token_embd.weight'", "in file 1 already");
    }

    @Example
    void theNumberOfTensorsIsThatOfAllFiles() {
        List<byte[]> files = new ArrayList<>(SplitModels.split(MODEL, 2));
        files.set(
                0,
                SplitModels.part(WHOLE, 0, 2)
                        .put("split.tensors.count", new IntegerValue(ValueType.I32, 21))
                        .toBytes());
        GgufFile split = GgufReader.read(SplitModels.joined(files));
        var findings = new Findings();
        assertFalse(ModelFile.of(split, findings).isPresent());
        assertTrue(
                findings.list().toString().contains("The value is 21, but there are 20 tensors"),
                findings.list()::toString);
    }

    /** Pieces that cross the ends of files, some of them empty, come out as from one array. */
    @Property
    void joinedFilesReadAsOne(
            @ForAll @Size(min = 1, max = 6) List<@Size(max = 9) byte[]> files,
            @ForAll @IntRange(max = 60) int from,
            @ForAll @IntRange(max = 60) int count)
            throws IOException {
        ByteSource joined = ByteSource.joined(files.stream().map(ByteSource::of).toList());
        byte[] all = new byte[files.stream().mapToInt(file -> file.length).sum()];
        int end = 0;
        for (byte[] file : files) {
            System.arraycopy(file, 0, all, end, file.length);
            end += file.length;
        }
        assertEquals(all.length, joined.size());
        byte[] target = new byte[count + 2];
        if (from + count > all.length) {
            assertThrows(IOException.class, () -> joined.read(from, target, 1, count));
        } else {
            joined.read(from, target, 1, count);
            assertArrayEquals(Arrays.copyOfRange(all, from, from + count), Arrays.copyOfRange(target, 1, count + 1));
            assertEquals(0, target[0] + target[count + 1], "nothing beside it is touched");
        }
    }

    private static void assertRefused(List<byte[]> files, String... words) {
        GgufException refusal = assertThrows(GgufException.class, () -> GgufReader.read(SplitModels.joined(files)));
        for (String word : words) {
            assertTrue(refusal.findings().toString().contains(word), () -> "no '" + word + "': " + refusal.findings());
        }
    }

    private static byte[] data(GgufFile file, GgufTensor tensor) throws IOException {
        byte[] data = new byte[(int) tensor.bytes()];
        file.read(tensor, 0, data, 0, data.length);
        return data;
    }
}
