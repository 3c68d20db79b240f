package dev.quern.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.cli.Quern;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code quern tokenize MODEL} in this process. */
record TokenizeCommandLine(Path model) {

    /** The ids of each text, by {@code --null --json}. */
    List<int[]> ids(List<byte[]> texts, String... options) {
        var input = new ByteArrayOutputStream();
        for (byte[] text : texts) {
            input.writeBytes(text);
            input.write(0);
        }
        List<String> arguments = new ArrayList<>(List.of("--null", "--json"));
        arguments.addAll(List.of(options));
        String[] lines = new String(run(input.toByteArray(), arguments), StandardCharsets.UTF_8).split("\n", -1);
        assertEquals(texts.size(), lines.length - 1, "lines");
        return Arrays.stream(lines)
                .limit(texts.size())
                .map(TokenizeCommandLine::array)
                .toList();
    }

    /** The text of ids, by {@code --decode}. */
    byte[] text(int[] ids, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--decode"));
        arguments.addAll(List.of(options));
        return run(Arrays.toString(ids).getBytes(StandardCharsets.UTF_8), arguments);
    }

    private byte[] run(byte[] input, List<String> options) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                80);
        List<String> arguments = new ArrayList<>(List.of("tokenize", model.toString()));
        arguments.addAll(options);
        int code = Quern.execute(terminal, new Input(new ByteArrayInputStream(input), false), Map.of(), arguments);
        assertEquals(0, code, err.toString(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static int[] array(String line) {
        String numbers = line.substring(1, line.length() - 1);
        return numbers.isEmpty()
                ? new int[0]
                : Arrays.stream(numbers.split(", ", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray();
    }
}
