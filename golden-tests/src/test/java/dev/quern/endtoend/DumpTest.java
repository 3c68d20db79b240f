package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.GgufTensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code quern compile --dump-dir} writes can be read, printed again, and made again step by step. */
final class DumpTest {
    private static final int EDITS = 60;

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"portable", "cpu-vulkan"})
    void everyTextIsReadAndPrintedAgainAndEveryStepRepeated(String profile) throws IOException {
        Path model = folder.resolve("model.gguf");
        Files.write(model, RandomModels.write(ModelCases.SHAPES.get(1), Recipe.uniform(GgufTensorType.Q8_0)));
        check(model, profile);
    }

    @Test
    void soWithStories() throws IOException {
        check(SharedModels.require("stories260K-q8_0.gguf"), "portable");
    }

    @Test
    void soWithSmolLm2() throws IOException {
        check(SmolLm2.require(), "cpu-vulkan");
    }

    @Test
    void anotherFolderIsNotReplaced() throws IOException {
        Path model = folder.resolve("model.gguf");
        Files.write(model, RandomModels.write(ModelCases.SHAPES.get(0), Recipe.uniform(GgufTensorType.F16)));
        Path dump = folder.resolve("dump");
        run(0, "compile", model.toString(), "--compile-to=tensor", "--profile=portable", "--dump-dir", dump.toString());
        Map<String, String> first = texts(dump);
        assertFalse(first.containsKey("plan.json"), "nothing behind the stage that was asked for");
        run(0, "compile", model.toString(), "--compile-to=tensor", "--profile=portable", "--dump-dir", dump.toString());
        assertEquals(first, texts(dump), "an older dump is replaced by the same bytes");
        Files.writeString(dump.resolve("notes.txt"), "mine");
        String refusal = run(
                1,
                "compile",
                model.toString(),
                "--compile-to=tensor",
                "--profile=portable",
                "--dump-dir",
                dump.toString());
        assertTrue(refusal.contains("is there already and holds other things than a dump"), refusal);
        assertTrue(Files.exists(dump.resolve("notes.txt")));
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.noneMatch(file -> file.toString().contains("partial")), "nothing temporary is left");
        }
    }

    @Test
    void aLineEditedByHandIsCompiledOrRefusedAtItsPlace() throws IOException {
        Path model = folder.resolve("model.gguf");
        Files.write(model, RandomModels.write(ModelCases.SHAPES.get(2), Recipe.uniform(GgufTensorType.Q4_0)));
        Path dump = folder.resolve("dump");
        Path bundle = folder.resolve("bundle");
        run(
                0,
                "compile",
                model.toString(),
                "--profile=portable",
                "--context=64",
                "-o",
                bundle.toString(),
                "--dump-dir",
                dump.toString());
        Random random = new Random(1);
        int compiled = 0;
        for (String name : texts(dump).keySet()) {
            if (name.endsWith("imported.qir") || name.endsWith("dispatch.qir") || name.endsWith("plan.qir")) {
                List<String> lines = Files.readAllLines(dump.resolve(name));
                for (int edit = 0; edit < EDITS; edit++) {
                    Path file = folder.resolve("edited.qir");
                    Files.write(file, edited(lines, random));
                    CommandRun outcome = execute("opt", file.toString(), "--compile-to=plan", "--profile=portable");
                    if (outcome.code() == 0) {
                        compiled++;
                    } else {
                        assertEquals(1, outcome.code(), outcome.err());
                        String start = "error: " + file;
                        assertTrue(
                                outcome.err().matches("(?s)\\Q" + start + "\\E:\\d+:\\d+: .*(\\^|\nand is\n[^\n]+)\n")
                                        || outcome.err().startsWith(start + " cannot become a plan: "),
                                () -> name + ": " + outcome.err());
                    }
                }
            }
        }
        assertTrue(compiled > 0, "some edits do no harm");
    }

    /** One line changed, gone, or there twice. */
    private static List<String> edited(List<String> lines, Random random) {
        List<String> result = new ArrayList<>(lines);
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        int column = line.isEmpty() ? 0 : random.nextInt(line.length());
        switch (random.nextInt(6)) {
            case 0 -> result.remove(at);
            case 1 -> result.add(at, line);
            case 2 -> result.set(at, line.substring(0, column) + line.substring(Math.min(line.length(), column + 1)));
            default -> {
                // Another number, mostly a smaller one.
                int digit = column;
                while (digit < line.length() && !Character.isDigit(line.charAt(digit))) {
                    digit++;
                }
                if (digit < line.length()) {
                    result.set(at, line.substring(0, digit) + random.nextInt(10) + line.substring(digit + 1));
                }
            }
        }
        return result;
    }

    private void check(Path model, String profile) throws IOException {
        Path dump = folder.resolve("dump");
        Path bundle = folder.resolve("bundle");
        run(
                0,
                "compile",
                model.toString(),
                "--profile",
                profile,
                "--context",
                "64",
                "-o",
                bundle.toString(),
                "--dump-dir",
                dump.toString());
        Map<String, String> files = texts(dump);
        assertTrue(files.containsKey("00-imported.qir"), files.keySet().toString());
        assertTrue(files.keySet().stream().anyMatch(name -> name.endsWith("-merge-projections.qir")));
        Path again = Files.createDirectory(folder.resolve("again"));
        List<String> commands = read(dump.resolve("commands.txt"))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
        long steps =
                files.keySet().stream().filter(name -> name.endsWith(".qir")).count() - 1;
        assertEquals(steps, commands.size(), "a command for each file but the first");
        for (String command : commands) {
            List<String> words = new ArrayList<>(Arrays.asList(command.split(" ", -1)));
            assertEquals("quern", words.removeFirst());
            words.set(1, dump.resolve(words.get(1)).toString());
            String target = words.removeLast();
            words.add(again.resolve(target).toString());
            run(0, words.toArray(String[]::new));
            assertEquals(files.get(target), Files.readString(again.resolve(target)), command);
        }
        files.forEach((name, text) -> {
            if (name.endsWith(".qir")) {
                assertEquals(text, run(0, "opt", dump.resolve(name).toString()), name);
            } else if (name.endsWith(".wgsl")) {
                assertEquals(text, read(bundle.resolve(name)), name);
            }
        });
        assertEquals(read(bundle.resolve("plan-" + profile + ".json")), files.get("plan.json"));
    }

    private static Map<String, String> texts(Path folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                texts.put(folder.relativize(path).toString(), Files.readString(path));
            }
        }
        return texts;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Runs the command; what it printed, errors included if it is to fail. */
    private String run(int expected, String... arguments) {
        CommandRun outcome = execute(arguments);
        assertEquals(expected, outcome.code(), outcome.err());
        return expected == 0 ? outcome.out() : outcome.err();
    }

    private CommandRun execute(String... arguments) {
        return CommandRun.of(
                Map.of("QUERN_CACHE", folder.resolve("cache").toString()), new byte[0], List.of(arguments));
    }
}
