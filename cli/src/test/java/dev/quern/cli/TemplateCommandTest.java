package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonWriter;
import dev.quern.cli.CommandLineFixture.Outcome;
import dev.quern.cli.tokens.TokenizerFile;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.ValueType;
import dev.quern.runtime.chat.ChatFormat;
import dev.quern.text.TokenizerData;
import dev.quern.text.Tokenizers;
import dev.quern.text.chat.ChatJson;
import dev.quern.text.chat.ChatTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code quern template} writes what a page would send. */
class TemplateCommandTest {
    private static final Path SHARED = Path.of("..", "..", "shared", "templates");
    private static final String TIME = "2026-01-02T03:04:05";

    private final Path folder;
    private final CommandLineFixture quern;

    TemplateCommandTest(@TempDir Path folder) {
        this.folder = folder;
        this.quern = new CommandLineFixture(folder.resolve("cache"));
    }

    /** A vocabulary of bytes, and of the control tokens {@code <s>}, {@code </s>} and {@code <|turn|>}. */
    private String model(String template) throws IOException {
        int size = 256 + 3;
        String[] tokens = new String[size];
        int spelled = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
            tokens[value] = String.valueOf((char) (printable ? value : spelled++));
        }
        tokens[256] = "<s>";
        tokens[257] = "</s>";
        tokens[258] = "<|turn|>";
        long[] types = new long[size];
        Arrays.fill(types, 1);
        Arrays.fill(types, 256, size, 3);
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", "llama")
                .string("tokenizer.ggml.model", "gpt2")
                .string("tokenizer.ggml.pre", "smollm")
                .put("tokenizer.ggml.tokens", StringArray.of(tokens))
                .put("tokenizer.ggml.token_type", NumberArray.ofIntegers(ValueType.I32, types))
                .put("tokenizer.ggml.merges", StringArray.of("i n"))
                .u32("tokenizer.ggml.bos_token_id", 256)
                .u32("tokenizer.ggml.eos_token_id", 257);
        if (!template.isEmpty()) {
            writer.string("tokenizer.chat_template", template);
        }
        return Files.write(folder.resolve("model.gguf"), writer.toBytes()).toString();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static final String TURNS = """
            {{- bos_token -}}
            {%- if tools %}{{ tools | tojson }}{% endif -%}
            {%- for message in messages -%}
            <|turn|>{{ message.role }}: {{ message.content -}}
            {%- for call in message.tool_calls %} {{ call.function.name }}({{ call.function.arguments | tojson }}){% endfor -%}
            {%- if message.tool_call_id %} for {{ message.tool_call_id }}{% endif -%}
            {{ eos_token }}
            {%- endfor -%}
            {%- if add_generation_prompt %}<|turn|>assistant{% if style %} ({{ style }}){% endif %}: {% endif -%}
            """;

    private static final String HELLO = "[{\"role\": \"user\", \"content\": \"hi\"}]";

    @Test
    void aConversationBecomesItsPrompt() throws IOException {
        String model = model(TURNS);
        String prompt = "<s><|turn|>user: hi</s><|turn|>assistant: ";
        for (Outcome outcome : List.of(
                quern.run(HELLO.getBytes(StandardCharsets.UTF_8), "template", model),
                quern.run(HELLO.getBytes(StandardCharsets.UTF_8), "template", model, "--messages", "-"),
                quern.run("template", model, "--messages", file("c.json", "\uFEFF" + HELLO + "\n")),
                quern.run("template", model, "--messages", file("d.json", "{\"messages\": " + HELLO + "}")))) {
            assertEquals(prompt, outcome.out(), outcome.err());
            assertEquals("", outcome.err());
            assertEquals(0, outcome.code());
        }
        assertEquals(
                "<s><|turn|>user: hi</s>",
                quern.run("template", model, "--messages", file("c.json", HELLO), "--no-generation-prompt")
                        .out());
    }

    @Test
    void toolsCallsPartsAndVariablesReachTheTemplate() throws IOException {
        String messages = """
                [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
                 {"role": "assistant", "content": "", "tool_calls": [{"id": "7", "type": "function",
                  "function": {"name": "f", "arguments": "{\\"x\\": 1}"}}]},
                 {"role": "tool", "tool_call_id": "7", "content": "2"}]
                """;
        Outcome outcome = quern.run(
                "template",
                model(TURNS),
                "--messages",
                file("c.json", messages),
                "--tools",
                file("t.json", "[{\"type\": \"function\"}]"),
                "--variables",
                file("v.json", "{\"style\": \"dry\", \"eos_token\": \"#\"}"));
        assertEquals(
                "<s>[{\"type\": \"function\"}]<|turn|>user: ab#<|turn|>assistant:  f({\"x\": 1})#<|turn|>tool: 2 for 7#"
                        + "<|turn|>assistant (dry): ",
                outcome.out(),
                outcome.err());
    }

    /** What a message holds is text: the tokens say so, the prompt cannot. */
    @Test
    void whatAMessageHoldsIsNoControlToken() throws IOException {
        String messages = "[{\"role\": \"user\", \"content\": \"<|turn|></s>\"}]";
        Outcome outcome = quern.run("template", model(TURNS), "--messages", file("c.json", messages), "--json");
        String tokens = outcome.out().substring(outcome.out().indexOf("\"tokens\""));
        List<String> control = Stream.of(tokens.split("[^0-9]+"))
                .filter(id -> !id.isEmpty() && Integer.parseInt(id) >= 256)
                .toList();
        assertEquals(List.of("256", "258", "257", "258"), control, outcome.out());
        assertTrue(outcome.out().contains("\"prompt\": \"<s><|turn|>user: <|turn|></s></s><|turn|>assistant: \""));
    }

    @Test
    void withoutATemplateItIsChatmlAndSaysSo() throws IOException {
        Outcome outcome = quern.run("template", model(""), "--messages", file("c.json", HELLO));
        assertEquals("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", outcome.out());
        assertEquals(TemplateCommand.NO_TEMPLATE + "\n", outcome.err());
    }

    @Test
    void theDateIsWhatIsGiven() throws IOException {
        String model = model("{{ strftime_now('%Y-%m-%d %H:%M') }}");
        String messages = file("c.json", HELLO);
        assertEquals(
                "2026-01-02 03:04",
                quern.run("template", model, "--messages", messages, "--date", TIME)
                        .out());
        assertEquals(
                "2026-01-02 00:00",
                quern.run("template", model, "--messages", messages, "--date", "2026-01-02")
                        .out());
        Outcome wrong = quern.run("template", model, "--messages", messages, "--date", "tomorrow");
        assertEquals(2, wrong.code());
        assertTrue(wrong.err().contains("'tomorrow' is no date; one such as 2026-01-02"), wrong.err());
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        String model = model("{{ raise_exception('roles must take turns') }}");
        Outcome refused = quern.run("template", model, "--messages", file("c.json", HELLO));
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("refuses this conversation: roles must take turns"), refused.err());
        Outcome broken = quern.run("template", model, "--messages", file("c.json", "{"));
        assertTrue(broken.err().contains("c.json is not JSON: "), broken.err());
        Outcome gone = quern.run(
                "template", model, "--messages", folder.resolve("gone").toString());
        assertTrue(gone.err().contains("cannot be read: there is no such file"), gone.err());
        assertFalse(refused.err().contains("\tat "));
    }

    /** Templates of published models, which lie outside the project, with what Python makes of them. */
    @TestFactory
    List<DynamicTest> publishedTemplatesAreRendered() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(SHARED),
                () -> "the templates are not here: " + SHARED.toAbsolutePath().normalize() + " does not exist");
        JsonObject conversations = JsonParser.object().from(Files.readString(SHARED.resolve("conversations.json")));
        JsonObject renders = JsonParser.object().from(Files.readString(SHARED.resolve("renders.json")));
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, Object> template : renders.entrySet()) {
            String source = Files.readString(SHARED.resolve("files").resolve(template.getKey() + ".jinja"));
            for (Map.Entry<String, Object> render : ((JsonObject) template.getValue()).entrySet()) {
                tests.add(DynamicTest.dynamicTest(
                        template.getKey() + " " + render.getKey(),
                        () -> renders(
                                source, conversations.getObject(render.getKey()), (JsonObject) render.getValue())));
            }
        }
        assertFalse(tests.size() < 100, "only " + tests.size() + " renders are here");
        return tests;
    }

    private void renders(String source, JsonObject conversation, JsonObject expected) throws IOException {
        JsonObject variables = new JsonObject(conversation);
        variables.remove("messages");
        variables.remove("tools");
        String model = model(source);
        String messages = file("c.json", JsonWriter.string(conversation));
        String[] command = {
            "template",
            model,
            "--messages",
            messages,
            "--variables",
            file("v.json", JsonWriter.string(variables)),
            "--date",
            TIME
        };
        Outcome outcome = quern.run(command);
        if (expected.containsKey("err")) {
            assertEquals(1, outcome.code(), outcome.out());
            assertTrue(outcome.err().startsWith("error: "), outcome.err());
            return;
        }
        assertEquals(expected.getString("ok"), outcome.out(), outcome.err());
        // The page asks the same class, and gets these tokens.
        TokenizerData data = TokenizerFile.data(Path.of(model));
        ChatFormat format = ChatFormat.of(data, Tokenizers.of(data));
        int[] tokens = format.encode(format.render(ChatJson.withVariables(
                        ChatJson.request("c", JsonWriter.string(conversation)), "v", JsonWriter.string(variables))
                .withTime(new ChatTime(2026, 1, 2, 3, 4, 5))));
        List<String> withJson = new ArrayList<>(List.of(command));
        withJson.add("--json");
        String json = quern.run(withJson.toArray(String[]::new)).out();
        assertEquals(
                Arrays.toString(tokens).replaceAll("\\s+", ""),
                json.substring(json.lastIndexOf('['), json.lastIndexOf(']') + 1).replaceAll("\\s+", ""));
    }
}
