package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.BrokenFile;
import dev.quern.gguf.BrokenFiles;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Finding;
import dev.quern.gguf.SmallModels;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BrokenFilesTest {
    static List<BrokenFile> files() {
        return BrokenFiles.all();
    }

    @ParameterizedTest
    @MethodSource("files")
    void says(BrokenFile file) {
        List<Finding> findings = Checks.findings(ByteSource.of(file.bytes().get()), true);
        assertTrue(
                findings.stream()
                        .anyMatch(finding -> finding.severity() == file.severity()
                                && finding.toString().contains(file.message())),
                () -> file.severity() + " '" + file.message() + "' was expected among " + findings);
        // A container that is no model is refused as such, whatever else is odd about it.
        if (file.severity() == Finding.Severity.WARNING && !findings.toString().contains("'general.architecture'")) {
            assertTrue(
                    findings.stream().allMatch(finding -> finding.severity() == Finding.Severity.WARNING),
                    () -> "refused: " + findings);
        }
        for (Finding finding : findings) {
            assertTrue(finding.message().endsWith("."), () -> "no sentence: " + finding);
        }
    }

    @Test
    void everyNameIsThereOnce() {
        var names = new HashSet<String>();
        files().forEach(file -> assertTrue(names.add(file.name()), file.name()));
    }

    @Test
    void nothingIsFoundInAGoodModel() {
        assertEquals(
                List.of(), Checks.findings(ByteSource.of(SmallModels.llama().toBytes()), true));
    }
}
