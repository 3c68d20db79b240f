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
        var report = ModelVerifier.verify(ByteSource.of(file.bytes().get()), true);
        assertTrue(
                report.findings().stream()
                        .anyMatch(finding -> finding.severity() == file.severity()
                                && finding.toString().contains(file.message())),
                () -> file.severity() + " '" + file.message() + "' was expected among " + report.findings());
        if (file.severity() == Finding.Severity.ERROR) {
            assertEquals(ModelVerifier.Verdict.REFUSED, report.verdict());
        }
        for (Finding finding : report.findings()) {
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
        var report = ModelVerifier.verify(ByteSource.of(SmallModels.llama().toBytes()), true);
        assertEquals(List.of(), report.findings());
        assertEquals(ModelVerifier.Verdict.OK, report.verdict());
    }
}
