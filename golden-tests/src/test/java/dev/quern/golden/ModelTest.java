package dev.quern.golden;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The files in {@code models/} are all there. */
class ModelTest {
    @Test
    void everyStageHasItsFile() {
        ModelGolden.all().keySet().forEach(ModelGolden::run);
    }

    @AfterAll
    static void blessedIsNotPassed() {
        Goldens.failIfBlessed();
    }
}
