package dev.quern.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.endtoend.CommandRun;
import java.io.ByteArrayOutputStream;
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
        List<String> arguments = new ArrayList<>(List.of("tokenize", model.toString()));
        arguments.addAll(options);
        return CommandRun.of(Map.of(), input, arguments).succeeded().bytes();
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
