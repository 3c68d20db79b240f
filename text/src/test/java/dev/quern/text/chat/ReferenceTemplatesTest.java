package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Templates of published models with what Python's Jinja makes of them. They lie outside the project. */
class ReferenceTemplatesTest {
    private static final Path FOLDER = Path.of("..", "..", "shared", "templates");

    @TestFactory
    List<DynamicTest> rendersAsPythonDoes() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(FOLDER),
                () -> "the templates are not here: " + FOLDER.toAbsolutePath().normalize() + " does not exist");
        JsonObject conversations = read("conversations.json");
        JsonObject renders = read("renders.json");
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, Object> template : renders.entrySet()) {
            String source = Files.readString(FOLDER.resolve("files").resolve(template.getKey() + ".jinja"));
            for (Map.Entry<String, Object> render : ((JsonObject) template.getValue()).entrySet()) {
                JsonObject expected = (JsonObject) render.getValue();
                ChatRequest request = request(conversations.getObject(render.getKey()));
                tests.add(DynamicTest.dynamicTest(template.getKey() + " " + render.getKey(), () -> {
                    if (expected.containsKey("err")) {
                        ChatTemplateException problem = assertThrows(
                                ChatTemplateException.class,
                                () -> ChatTemplate.parse(source).render(request));
                        String error = expected.getString("err");
                        if (error.startsWith("TemplateError: ")) {
                            assertEquals(ChatTemplateException.Kind.REFUSED, problem.kind());
                            assertEquals(error.substring("TemplateError: ".length()), problem.detail());
                        }
                    } else {
                        assertEquals(
                                expected.getString("ok"),
                                ChatTemplate.parse(source).render(request).text());
                    }
                }));
            }
        }
        assertFalse(tests.size() < 100, "only " + tests.size() + " renders are here");
        return tests;
    }

    private static JsonObject read(String name) throws Exception {
        return JsonParser.object().from(Files.readString(FOLDER.resolve(name)));
    }

    static ChatRequest request(JsonObject conversation) {
        List<ChatMessage> messages = new ArrayList<>();
        for (Object message : conversation.getArray("messages")) {
            messages.add(new ChatMessage((JsonObject) message));
        }
        ChatRequest request = ChatRequest.of(messages)
                .withTime(new ChatTime(2026, 1, 2, 3, 4, 5))
                .withTokens(conversation.getString("bos_token"), conversation.getString("eos_token"));
        for (Map.Entry<String, Object> entry : conversation.entrySet()) {
            request = switch (entry.getKey()) {
                case "messages", "bos_token", "eos_token" -> request;
                case "tools" -> request.withTools((JsonArray) entry.getValue());
                default -> request.withVariable(entry.getKey(), entry.getValue());
            };
        }
        return request;
    }
}
