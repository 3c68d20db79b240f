package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.quern.cli.Quern;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import dev.quern.runtime.wgpu.TestDevice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code quern chat} and {@code quern run} where nobody watches, on a model that makes no sense and is soon read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatPipeTest {
    private static final String TEMPLATE = "{% for m in messages %}{{ m.role[0] }}:{{ m.content }};{% endfor %}a:";

    private final Path folder;
    private final String model;
    private final String plain;

    private record Outcome(int code, String out, String err) {}

    ChatPipeTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        byte[] tiny = Objects.requireNonNull(NamedModels.all().get("tiny-llama"));
        plain = Files.write(folder.resolve("plain.gguf"), tiny).toString();
        model = Files.write(
                        folder.resolve("model.gguf"),
                        MutatedModel.copy(tiny)
                                .string("tokenizer.chat_template", TEMPLATE)
                                .toBytes())
                .toString();
    }

    @BeforeAll
    static void requireDevice() {
        TestDevice.open().close();
    }

    @Test
    void linesAreMessagesAndOnlyAnswersAreOutput() throws IOException, JsonParserException {
        Path saved = folder.resolve("saved.json");
        Outcome outcome = run(
                "hi\n\nfirst\\\nsecond\n/context\n//slash\n/nothing\n/save " + saved + "\n/exit\nnever\n",
                "chat",
                model,
                "-n",
                "4",
                "--temperature",
                "0",
                "--system",
                "be");
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals(3, outcome.out().lines().filter(line -> !line.isEmpty()).count(), outcome.out());
        assertFalse(outcome.out().contains("> "), outcome.out());
        assertTrue(outcome.err().contains("There is no command /nothing; /help lists them."), outcome.err());
        assertTrue(outcome.err().contains("7 messages saved in "), outcome.err());
        assertTrue(outcome.err().contains(" positions are in use, by 5 messages."), outcome.err());
        JsonArray messages = messages(saved);
        List<String> contents = new ArrayList<>();
        messages.forEach(each -> contents.add(((JsonObject) each).getString("content")));
        assertEquals(List.of("be", "hi"), contents.subList(0, 2));
        assertEquals("first\nsecond", contents.get(3));
        assertEquals("/slash", contents.get(5));
    }

    /** Most of a long chat lies in the states already, whatever the device. */
    @Test
    void whatWasReadIsNotReadAgain() {
        Outcome outcome =
                run("a message of some length\nshort\n/context\n", "chat", model, "-n", "6", "--temperature", "0");
        String line = outcome.err()
                .lines()
                .filter(each -> each.startsWith("Of the last prompt's "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(outcome.err()));
        String[] numbers = line.replaceAll("[^0-9]+", " ").strip().split(" ", -1);
        int prompt = Integer.parseInt(numbers[0]);
        assertEquals(prompt, Integer.parseInt(numbers[1]) + Integer.parseInt(numbers[2]));
        assertTrue(Integer.parseInt(numbers[2]) < prompt / 2, line);
    }

    @Test
    void aConversationThatIsLoadedGoesOn() throws IOException, JsonParserException {
        Path saved = folder.resolve("again.json");
        Files.writeString(
                folder.resolve("old.json"),
                "[{\"role\": \"user\", \"content\": [{\"type\": \"text\", "
                        + "\"text\": \"old\"}]}, {\"role\": \"assistant\", \"content\": \"answer\"}]");
        Files.writeString(folder.resolve("broken.json"), "[{\"role\": 1}]");
        Outcome outcome = run(
                "/load " + folder.resolve("broken.json") + "\n/load " + folder.resolve("old.json")
                        + "\nnew\n/regenerate\n/save " + saved + "\n/save " + folder + "\n/save\n/reset\n/regenerate\n",
                "chat",
                model,
                "-n",
                "4",
                "--seed",
                "3",
                "--temperature",
                "9",
                "--top-k",
                "0",
                "--top-p",
                "1",
                "--min-p",
                "0");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("broken.json[0].role is 1; a string is expected."), outcome.err());
        assertTrue(outcome.err().contains("2 messages loaded.\n"), outcome.err());
        assertTrue(outcome.err().contains(" is a folder. Name a file."), outcome.err());
        assertTrue(outcome.err().contains("Name a file: /save chat.json"), outcome.err());
        assertTrue(outcome.err().contains("There is no answer to give anew."), outcome.err());
        assertEquals(4, messages(saved).size());
        List<String> answers = outcome.out().lines().toList();
        assertNotEquals(answers.getFirst(), answers.getLast(), "another seed draws another answer");
    }

    @Test
    void commandsAreToldWhatTheyDoNotTake() throws IOException {
        Path there = Files.writeString(folder.resolve("letter.txt"), "dear");
        Path two = Files.writeString(
                folder.resolve("two.json"),
                "[{\"role\": \"system\", \"content\": \"a\"}, {\"role\": \"user\", \"content\": \"b\"},"
                        + " {\"role\": \"system\", \"content\": \"c\"}]");
        String save = "/save " + there + "\n";
        Outcome outcome = run(
                "/exit now\n/reset all\n" + save + "/load " + two + "\n/system\n/reset\n" + save + save + "/save " + two
                        + "\n/system d\n/system\n/system -\n/system -\n/exit\nnever\n",
                "chat",
                model);
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(
                outcome.err()
                        .endsWith("/exit takes nothing behind it, and 'now' is there.\n"
                                + "/reset takes nothing behind it, and 'all' is there.\n"
                                + there + " is there already. The same command once more replaces it.\n"
                                + "3 messages loaded.\nThere are 2 system messages:\na\nc\n"
                                + "All messages are forgotten, but the 2 system messages.\n"
                                + "2 messages saved in " + there + ".\n2 messages saved in " + there + ".\n"
                                + "2 messages saved in " + two + ".\n"
                                + "The system message is set, in place of all 2.\nd\n"
                                + "The system message is removed.\nThere is no system message to remove.\n"),
                outcome.err());
        assertEquals("", outcome.out());
    }

    @Test
    void aFullContextSaysWhatItLeavesOut() {
        Outcome outcome = run(
                "a message that takes a part of the context\n".repeat(5),
                "chat",
                model,
                "-c",
                "128",
                "-n",
                "16",
                "--temperature",
                "0");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("The context was full: the oldest 2 messages are left out from here on."));
        assertTrue(run("x".repeat(500) + "\n", "chat", model, "-c", "128").err().contains("error: The prompt has 5"));
    }

    @Test
    void withoutATemplateItIsChatmlAndSaysSo() {
        Outcome outcome = run("hi\n", "chat", plain, "-n", "2");
        assertTrue(outcome.err().contains("The model has no chat template; messages are written in ChatML"));
        assertTrue(run("hi", "run", plain, "--chat", "-n", "2").err().contains("written in ChatML"));
    }

    @Test
    void runTakesAMessageATextAndNames() throws JsonParserException {
        JsonObject chat = json("run", model, "--chat", "hi", "--system", "be", "-n", "3", "--json");
        JsonObject text = json("run", "-m", model, "s:be;u:hi;a:", "-n", "3", "--json");
        assertEquals(
                withoutBeginning(text.getArray("prompt_tokens")), withoutBeginning(chat.getArray("prompt_tokens")));
        assertFalse(text.has("seed"), "the likeliest token needs none");
        assertEquals(0.7, chat.getObject("sampling").getDouble("temperature"));
        assertEquals(1.1, chat.getObject("sampling").getDouble("repeat_penalty"));
        long seed = chat.getLong("seed");
        JsonObject again =
                json("run", model, "--chat", "hi", "--system", "be", "-n", "3", "--json", "-s", String.valueOf(seed));
        assertEquals(chat.getArray("tokens"), again.getArray("tokens"));
        JsonObject all = json("run", model, "hi", "-n", "-1", "-c", "32", "--json", "--temp", "1", "--seed", "1");
        assertTrue(List.of("context_full", "end_of_text").contains(all.getString("stop_reason")), all::toString);
    }

    /** With a penalty beyond all measure no token comes twice. */
    @Test
    void aPenaltyOnRepetitionsWorksWithTheLikeliestToken() throws JsonParserException {
        JsonArray free = json("run", model, "hi", "-n", "40", "--json").getArray("tokens");
        JsonArray kept = json("run", model, "hi", "-n", "40", "--json", "--repeat-penalty", "100")
                .getArray("tokens");
        assertTrue(free.stream().distinct().count() < free.size(), free::toString);
        assertTrue(kept.stream().distinct().count() > free.stream().distinct().count(), kept::toString);
    }

    @Test
    void figuresAreForPeople() {
        String one = run("", "run", model, "hi", "-n", "1").err();
        assertTrue(one.matches("(?s).*1 token in \\d+\\.\\d\\d s\n"), one);
        String more = run("", "run", model, "hi", "-n", "5", "--seed", "2").err();
        assertTrue(more.matches("(?s).*5 tokens in [0-9.]+ s, [0-9.]+ tok/s; seed 2\n"), more);
        String verbose = run("", "run", model, "hi", "-n", "1", "-v").err();
        assertTrue(verbose.contains("; arena ") && !verbose.contains(" 0.0 tok/s"), verbose);
    }

    /** {@code tokenize} and {@code run} agree, with control tokens and without. */
    @Test
    void controlTokensInATextAreText() throws JsonParserException {
        for (List<String> options :
                List.of(List.<String>of(), List.of("--parse-special"), List.of("--no-parse-special"))) {
            List<String> run = new ArrayList<>(List.of("run", model, "<s>hi</s>", "-n", "1", "--json"));
            run.addAll(options);
            List<String> tokenize = new ArrayList<>(List.of("tokenize", model, "<s>hi</s>", "--json"));
            tokenize.addAll(options);
            assertEquals(
                    json(tokenize.toArray(String[]::new)).getArray("tokens"),
                    json(run.toArray(String[]::new)).getArray("prompt_tokens"),
                    options::toString);
        }
        Outcome spelled = run("", "run", model, "<s>hi", "-n", "1");
        assertTrue(spelled.err().contains("The prompt spells control tokens, which are read as text."), spelled.err());
        assertFalse(run("", "run", model, "hi", "-n", "1").err().contains("control tokens"));
    }

    private static List<Object> withoutBeginning(JsonArray tokens) {
        return List.copyOf(tokens.subList(tokens.getFirst().equals(1) ? 1 : 0, tokens.size()));
    }

    private JsonObject json(String... arguments) throws JsonParserException {
        Outcome outcome = run("", arguments);
        assertEquals(0, outcome.code(), outcome.err());
        return JsonParser.object().from(outcome.out());
    }

    private static JsonArray messages(Path file) throws IOException, JsonParserException {
        return JsonParser.object().from(Files.readString(file)).getArray("messages");
    }

    private Outcome run(String input, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                80);
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!arguments[0].equals("tokenize")) {
            all.addAll(List.of("--profile", "portable"));
        }
        int code = Quern.execute(
                terminal,
                new Input(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), false),
                Map.of("QUERN_CACHE", folder.resolve("cache").toString()),
                all);
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
