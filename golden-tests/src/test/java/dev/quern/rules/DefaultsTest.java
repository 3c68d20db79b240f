package dev.quern.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.bundle.SamplingAdvice;
import dev.quern.runtime.Defaults;
import dev.quern.runtime.SamplingChoice;
import dev.quern.text.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One set of defaults: what the page on them says is what Java does, and the TypeScript has no others. */
final class DefaultsTest {
    private static final Path PAGE = Path.of("..", "docs", "generating.md");
    private static final Path PARAMETERS = Path.of("..", "web", "src", "parameters.ts");
    private static final Path SETTINGS = Path.of("..", "web", "page", "src", "settings.ts");
    private static final Path TYPES = Path.of("..", "web", "src", "types.ts");
    private static final Path README = Path.of("..", "web", "README.md");

    private static final Sampling TEXT = SamplingChoice.NONE.forText(0);
    private static final Sampling CHAT = SamplingChoice.NONE.forChat(SamplingAdvice.NONE, 0);

    /** Of a model that advises a penalty alone. */
    private static final Sampling OPEN = SamplingChoice.NONE.forChat(
            new SamplingAdvice(
                    OptionalDouble.empty(),
                    OptionalInt.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.of(1.25),
                    OptionalInt.empty()),
            0);

    @Test
    void theTableIsWhatJavaDoes() throws IOException {
        row("tokens at most", Defaults.TEXT_TOKENS, Defaults.CHAT_TOKENS);
        row("temperature", TEXT.temperature(), CHAT.temperature());
        row("top-k", TEXT.topK(), CHAT.topK());
        row("top-p", TEXT.topP(), CHAT.topP());
        row("min-p", TEXT.minP(), CHAT.minP());
        row("penalty on repetitions", TEXT.repeatPenalty(), CHAT.repeatPenalty());
        row("tokens that it looks back", TEXT.repeatLast(), CHAT.repeatLast());
        assertTrue(Files.readString(PAGE).contains("and no temperature, it is " + Defaults.TEMPERATURE));
    }

    private static void row(String setting, double text, double chat) throws IOException {
        List<String> cells = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| " + setting + " |"))
                .flatMap(line -> Arrays.stream(line.split("\\|")).map(String::strip))
                .toList();
        assertEquals(6, cells.size(), setting);
        assertEquals(text, Double.parseDouble(cells.get(4)), 1e-6, setting);
        assertEquals(chat, Double.parseDouble(cells.get(5)), 1e-6, setting);
    }

    @Test
    void thePackageAsksForTheSameNumberOfTokensAndHasNoOtherDefaults() throws IOException {
        String source = Files.readString(PARAMETERS);
        assertEquals(Defaults.TEXT_TOKENS, number(source, "DEFAULT_MAX_TOKENS = \\{ text: (\\d+)"));
        assertEquals(Defaults.CHAT_TOKENS, number(source, "DEFAULT_MAX_TOKENS = \\{ text: \\d+, chat: (\\d+)"));
        for (String name :
                List.of("temperature", "top_p", "top_k", "min_p", "repeat_penalty", "repeat_last_n", "seed")) {
            Matcher read = Pattern.compile(
                            "\\n      " + name + ": (?:number|whole)\\(values, '" + name + "'[^\\n]*\\),\\n")
                    .matcher(source);
            assertTrue(read.find(), name + " is read, and left to the module where it is not given");
        }
    }

    @Test
    void thePageBeginsWithThem() throws IOException {
        String source = Files.readString(SETTINGS);
        assertEquals(Defaults.CHAT_TOKENS, number(source, "DEFAULTS[^}]*max_tokens: ([0-9.]+)"));
        assertEquals(CHAT.temperature(), number(source, "DEFAULTS[^}]*temperature: ([0-9.]+)"), 1e-6);
        assertEquals(CHAT.topK(), number(source, "DEFAULTS[^}]*top_k: ([0-9.]+)"));
        assertEquals(CHAT.topP(), number(source, "DEFAULTS[^}]*top_p: ([0-9.]+)"), 1e-6);
        assertEquals(CHAT.minP(), number(source, "DEFAULTS[^}]*min_p: ([0-9.]+)"), 1e-6);
    }

    @Test
    void whereAModelAdvisesOtherThingsThePageLeavesOpenWhatJavaLeavesOpen() throws IOException {
        String source = Files.readString(SETTINGS);
        assertEquals(OPEN.temperature(), number(source, "OPEN = \\{[^}]*temperature: ([0-9.]+)"), 1e-6);
        assertEquals(OPEN.topK(), number(source, "OPEN = \\{[^}]*top_k: ([0-9.]+)"));
        assertEquals(OPEN.topP(), number(source, "OPEN = \\{[^}]*top_p: ([0-9.]+)"), 1e-6);
        assertEquals(OPEN.minP(), number(source, "OPEN = \\{[^}]*min_p: ([0-9.]+)"), 1e-6);
    }

    @Test
    void whatThePackageSaysOfItselfIsTrue() throws IOException {
        String tokens = Defaults.TEXT_TOKENS + " if nothing else is said; " + Defaults.CHAT_TOKENS + " in a chat.";
        assertTrue(Files.readString(TYPES).contains(tokens), tokens);
        String readme = Files.readString(README);
        assertTrue(readme.contains(Defaults.TEXT_TOKENS + " unless told, " + Defaults.CHAT_TOKENS + " in a chat"));
        assertTrue(readme.contains("else 0.7, 0.95, 40, 0.05, 1.1, 64"));
        assertEquals(new Sampling(0.7f, 40, 0.95f, 0.05f, 1.1f, 64, 0), CHAT);
    }

    private static double number(String source, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(source);
        assertTrue(matcher.find(), pattern);
        return Double.parseDouble(matcher.group(1));
    }
}
