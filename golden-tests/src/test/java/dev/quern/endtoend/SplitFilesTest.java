package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.store.ModelParts;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.SplitModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that was split into files is the model that it was, whichever of them is named. */
class SplitFilesTest {
    @Test
    void theBundleIsThatOfTheWhole(@TempDir Path folder) throws IOException {
        byte[] model = RandomModels.write(ModelCases.SHAPES.getFirst(), Recipe.uniform(GgufTensorType.Q4_0));
        Path whole = Files.write(folder.resolve("model.gguf"), model);
        List<String> names = new ModelParts("model", 3).names();
        List<byte[]> files = SplitModels.split(model, names.size());
        for (int index = 0; index < names.size(); index++) {
            Files.write(folder.resolve(names.get(index)), files.get(index));
        }
        List<String> expected = hashes(whole, folder.resolve("whole"));
        assertEquals(expected, hashes(folder.resolve(names.getFirst()), folder.resolve("first")));
        assertEquals(expected, hashes(folder.resolve(names.getLast()), folder.resolve("last")));

        Files.delete(folder.resolve(names.get(1)));
        IOException refusal = assertThrows(
                IOException.class, () -> hashes(folder.resolve(names.getFirst()), folder.resolve("refused")));
        assertTrue(String.valueOf(refusal.getMessage()).contains(names.get(1)), refusal::toString);
    }

    private static List<String> hashes(Path model, Path folder) throws IOException {
        return BundleHashes.of(model, Files.createDirectories(folder)).stream()
                .map(line -> line.replace(String.valueOf(model.getFileName()), "model"))
                .toList();
    }
}
