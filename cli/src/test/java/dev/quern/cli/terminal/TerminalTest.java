package dev.quern.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.text.Names;
import dev.quern.ir.text.Unseen;
import dev.quern.plan.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long now;

    @Test
    void plainLinesWhereNobodyWatches() {
        var terminal = new Terminal(stream, stream, false, false, false, 80);
        try (var line = new ProgressLine(terminal, "Grinding", ProgressLine.Unit.BYTES, () -> now)) {
            for (int second = 1; second <= 100; second++) {
                now = second * 1_000_000_000L;
                line.at(second, 100);
            }
        }
        assertEquals("""
            Grinding ...
            Grinding: 10%
            Grinding: 20%
            Grinding: 30%
            Grinding: 40%
            Grinding: 50%
            Grinding: 60%
            Grinding: 70%
            Grinding: 80%
            Grinding: 90%
            """, text());
    }

    @Test
    void aBarOnATerminalThatVanishes() {
        var terminal = new Terminal(stream, stream, true, true, true, 60);
        try (var line = new ProgressLine(terminal, "Grinding", ProgressLine.Unit.BYTES, () -> now)) {
            now = 1_000_000_000L;
            line.at(50_000_000, 100_000_000);
        }
        assertTrue(text().contains("Grinding  [####"), text());
        assertTrue(text().contains("  50%  50.0 MB of 100.0 MB"), text());
        assertTrue(text().endsWith("\r\u001b[K"), "nothing of it is left");
    }

    @Test
    void whatHoldsATaskUpIsSaid() {
        var plain = new Terminal(stream, stream, false, false, false, 80);
        try (var line = new ProgressLine(plain, "Grinding", ProgressLine.Unit.BYTES, () -> now)) {
            line.note("no data for 15 s, trying again");
        }
        assertEquals("Grinding ...\nGrinding: no data for 15 s, trying again\n", text());
        bytes.reset();
        var watched = new Terminal(stream, stream, true, true, true, 40);
        try (var line = new ProgressLine(watched, "Grinding", ProgressLine.Unit.BYTES, () -> now)) {
            line.at(1, 100);
            line.note("the server asks to wait 7 s, and more than fits");
            line.at(2, 100);
        }
        String[] drawn = text().split("\r", -1);
        assertEquals("Grinding: the server asks to wait 7 s, \u001b[K", drawn[2]);
        assertTrue(drawn[3].startsWith("Grinding  "), "what goes on is drawn at once");
        assertEquals("\u001b[K", drawn[4], "nothing of it is left");
    }

    @Property
    void aBarNeverWraps(
            @ForAll @IntRange(min = 20, max = 200) int columns,
            @ForAll @LongRange(min = 0, max = 1L << 40) long done,
            @ForAll @LongRange(min = 0, max = 1L << 40) long total) {
        var own = new ByteArrayOutputStream();
        var out = new PrintStream(own, true, StandardCharsets.UTF_8);
        var terminal = new Terminal(out, out, true, true, false, columns);
        try (var line = new ProgressLine(terminal, "Downloading something", ProgressLine.Unit.BYTES, () -> 0)) {
            line.at(done, total);
        }
        String drawn = own.toString(StandardCharsets.UTF_8);
        String bar = drawn.substring(1, drawn.indexOf("\u001b[K"));
        assertTrue(bar.length() < columns, bar);
    }

    @Test
    void theEnvironmentDecidesOnColor() {
        var properties = new Properties();
        properties.setProperty("quern.terminal", "out,err");
        properties.setProperty("quern.columns", "100");
        Terminal terminal = Terminal.ofProcess(stream, stream, properties, Map.of());
        assertTrue(terminal.color());
        assertEquals(100, terminal.columns());
        assertFalse(Terminal.ofProcess(stream, stream, properties, Map.of("NO_COLOR", "1"))
                .color());
        assertFalse(Terminal.ofProcess(stream, stream, properties, Map.of("TERM", "dumb"))
                .errIsTerminal());
        Terminal piped = Terminal.ofProcess(stream, stream, new Properties(), Map.of());
        assertFalse(piped.outIsTerminal() || piped.errIsTerminal() || piped.color());
        assertEquals(80, piped.columns());
    }

    @Test
    void sizesAndTimes() {
        assertEquals("999 B", Sizes.bytes(999));
        assertEquals("1.0 kB", Sizes.bytes(1000));
        assertEquals("98.4 MB", Sizes.bytes(98_362_432));
        assertEquals("1.0 GB", Sizes.bytes(999_990_000));
        assertEquals("9.2 EB", Sizes.bytes(Long.MAX_VALUE));
        assertEquals("0.42 s", Sizes.seconds(0.42));
        assertEquals("3 min 20 s", Sizes.seconds(200));
    }

    @Test
    void tablesAlignNumbersToTheRight() {
        var table = new Table("NAME", "SIZE");
        table.row("a", 5);
        table.row("longer", "12 MB");
        assertEquals("NAME     SIZE\na           5\nlonger  12 MB\n", table.toString());
    }

    @Property
    void whateverIsPrintedIsVisible(@ForAll String text, @ForAll char character) {
        var own = new ByteArrayOutputStream();
        var terminal =
                new Terminal(new PrintStream(own, true, StandardCharsets.UTF_8), stream, false, false, false, 80);
        PrintStream out = terminal.out();
        out.print(text);
        out.print((Object) text);
        out.print(character);
        out.print(text.toCharArray());
        out.println(text);
        out.println((Object) text);
        out.println(character);
        out.println(text.toCharArray());
        out.append(text).append(character).append(text, 0, text.length());
        out.printf("%s", text);
        out.format(java.util.Locale.ROOT, "%s", text);
        terminal.remarks().print(text);
        terminal.error(text);
        assertSeen(own.toString(StandardCharsets.UTF_8));
        assertSeen(text());
    }

    private static void assertSeen(String text) {
        text.codePoints()
                .forEach(codePoint -> assertTrue(
                        !Unseen.is(codePoint) || codePoint == '\n' || codePoint == '\t',
                        () -> "U+" + Integer.toHexString(codePoint)));
    }

    /**
     * What JSON and the intermediate representation escape themselves, and so read back, is what a terminal would
     * escape.
     */
    @Test
    void quotedTextPassesUnchanged() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            String text = Character.toString(codePoint);
            String json = JsonText.printLine(text);
            assertEquals(json, Visible.line(json));
            String name = Names.quote(text);
            assertEquals(name, Visible.line(name));
        }
    }

    @Test
    void namesStayOnTheirLines() {
        assertEquals(
                "a\\nb\\tc\\r\\u{1B}\\u{9B}\\u{202E}\\u{E0041}",
                Visible.line("a\nb\tc\r\u001b\u009b\u202e\uDB40\uDC41"));
        assertEquals("a\nb\tc\\r", Visible.text("a\nb\tc\r"));
        assertEquals("\\xFF\\u{D800}", Visible.line("\uDCFF\uD800"));
        String family = "\uD83D\uDC68\u200D\uD83D\uDC69\uFE0F";
        assertEquals(family, Visible.line(family), "joiners shape what is beside them");
    }

    @Test
    void dataIsExactButWhereAPersonWatches() {
        byte[] data = {'a', 27, (byte) 0xFF, '\r', '\n'};
        var watched = new ByteArrayOutputStream();
        var terminal =
                new Terminal(new PrintStream(watched, true, StandardCharsets.UTF_8), stream, true, true, false, 80);
        terminal.data(data);
        terminal.data("b\u001b");
        assertEquals("a\\u{1B}\\xFF\\r\nb\\u{1B}", watched.toString(StandardCharsets.UTF_8));
        var piped = new Terminal(stream, stream, false, false, false, 80);
        piped.data(data);
        piped.data("b\u001b\u00e4");
        piped.path(Path.of("c\u001bd"));
        assertEquals("a\u001b\uFFFD\r\nb\u001b\u00e4c\u001bd\n", text());
    }

    @Test
    void aTerminalIsWrittenToInItsOwnCharacterSet() {
        var properties = new Properties();
        properties.setProperty("stdout.encoding", "ISO-8859-1");
        properties.setProperty("stdin.encoding", "ISO-8859-1");
        Terminal.ofProcess(stream, stream, properties, Map.of()).out().print("\u00e4");
        assertArrayEquals("\u00e4".getBytes(StandardCharsets.UTF_8), bytes.toByteArray(), "a pipe is UTF-8");
        assertEquals(
                StandardCharsets.UTF_8,
                Input.ofProcess(InputStream.nullInputStream(), properties).charset());
        bytes.reset();
        properties.setProperty("quern.terminal", "in,out,err");
        Terminal.ofProcess(stream, stream, properties, Map.of()).out().print("\u00e4 \u20ac");
        assertArrayEquals("\u00e4 \\u{20AC}".getBytes(StandardCharsets.ISO_8859_1), bytes.toByteArray());
        assertEquals(
                StandardCharsets.ISO_8859_1,
                Input.ofProcess(InputStream.nullInputStream(), properties).charset());
        bytes.reset();
        properties.setProperty("stdout.encoding", "ANSI_X3.4-1968");
        Terminal.ofProcess(stream, stream, properties, Map.of()).out().print("\u00e4");
        assertArrayEquals(
                "\u00e4".getBytes(StandardCharsets.UTF_8),
                bytes.toByteArray(),
                "no language is no reason to lose text");
    }

    @Test
    void barsAndColoursAreOursAlone() {
        var terminal = new Terminal(stream, stream, true, true, true, 60);
        try (var line = new ProgressLine(terminal, "\u001b]0;x\u0007", ProgressLine.Unit.BYTES, () -> now)) {
            now = 1_000_000_000L;
            line.at(1, 2);
        }
        terminal.error("\u001b[2J");
        assertTrue(text().startsWith("\r\\u{1B}]0;x\\u{7}  [##"), text());
        assertTrue(text().endsWith("\u001b[1;31merror:\u001b[0m \\u{1B}[2J\n"), text());
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
