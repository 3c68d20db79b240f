package dev.quern.cli.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {
    private static List<String> printed(Shares shares) {
        var bytes = new ByteArrayOutputStream();
        shares.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void partsAreListedInTheirOrderWithTheirTimes() {
        Shares shares = Shares.ofProcess(true);
        shares.begin(Share.FIRST_TOKEN).closeAfter(1.5);
        shares.begin(Share.UPLOAD).closeAfter(0.25);
        shares.begin(Share.UPLOAD).closeAfter(0.5);
        shares.sinceStart(Share.COMMAND_LINE);
        List<String> lines = printed(shares);
        assertEquals("start, in seconds", lines.getFirst().substring(0, 17));
        assertTrue(lines.get(1).startsWith("  launcher and virtual machine    0.000 "), lines.toString());
        assertTrue(lines.get(2).startsWith("  command line "), lines.toString());
        assertTrue(lines.get(3).matches("  weights uploaded .*   0\\.750"), lines.toString());
        assertTrue(lines.get(4).matches("  first token .*   1\\.500"), lines.toString());
        assertTrue(lines.get(5).startsWith("  all threads, processor time "), lines.toString());
        assertEquals(List.of(), printed(shares), "once");
    }

    @Test
    void whoAsksForNothingGetsNothing() {
        Shares shares = Shares.ofProcess(false);
        shares.begin(Share.DEVICE).close();
        assertEquals(List.of(), printed(shares));
    }
}
