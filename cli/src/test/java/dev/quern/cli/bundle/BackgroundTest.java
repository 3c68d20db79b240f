package dev.quern.cli.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.cli.store.StoreException;
import org.junit.jupiter.api.Test;

class BackgroundTest {
    @Test
    void aTaskGivesItsResultAndThrowsWhatItThrew() {
        assertEquals("done", Background.join(Background.run("task", () -> "done")));
        var problem = new StoreException("There is no file.");
        var task = Background.<String>run("task", () -> {
            throw problem;
        });
        assertSame(problem, assertThrows(StoreException.class, () -> Background.join(task)));
    }
}
