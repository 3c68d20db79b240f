package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations in OpenAI's JSON. */
class ChatJsonTest {
    private static final String CALL = """
            {"messages": [
               {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
               {"role": "assistant", "content": null, "tool_calls": [
                 {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{\\"x\\": [1, 2.5]}"}},
                 {"id": "2", "type": "function", "function": {"name": "g", "arguments": {"y": "z"}}},
                 {"id": "3", "type": "function", "function": {"name": "h", "arguments": "not {"}}]},
               {"role": "tool", "tool_call_id": "1", "name": "f", "content": "21"}],
             "tools": [{"type": "function", "function": {"name": "f"}}],
             "chat_template_kwargs": {"enable_thinking": false},
             "model": "any", "temperature": 1}
            """;

    @Test
    void aRequestIsRead() {
        ChatRequest request = ChatJson.request("r", CALL);
        assertEquals(3, request.messages().size());
        assertEquals("ab", request.messages().getFirst().fields().get("content"));
        Map<String, @Nullable Object> answer = request.messages().get(1).fields();
        assertNull(answer.get("content"));
        assertEquals(List.of("role", "content", "tool_calls"), List.copyOf(answer.keySet()));
        List<?> calls = (List<?>) Objects.requireNonNull(answer.get("tool_calls"));
        assertEquals(Map.of("x", List.of(1, 2.5)), arguments(calls.get(0)));
        assertEquals(Map.of("y", "z"), arguments(calls.get(1)));
        assertEquals("not {", arguments(calls.get(2)));
        assertEquals("1", request.messages().get(2).fields().get("tool_call_id"));
        assertEquals(1, Objects.requireNonNull(request.tools()).size());
        assertEquals(Map.of("enable_thinking", false), request.variables());
    }

    private static Object arguments(Object call) {
        Map<?, ?> function = (Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) call).get("function"));
        return Objects.requireNonNull(function.get("arguments"));
    }

    @Test
    void aListOfMessagesIsARequest() {
        ChatRequest request = ChatJson.request("r", "[{\"role\": \"user\", \"content\": \"a\"}]");
        assertEquals(List.of(ChatMessage.of("user", "a")), request.messages());
        assertNull(request.tools());
    }

    @Test
    void toolsAndVariablesAreReadApart() {
        assertEquals(1, ChatJson.tools("t", "[{\"type\": \"function\"}]").size());
        assertEquals(2, ChatJson.tools("t", "{\"tools\": [{}, {}]}").size());
        ChatRequest request = ChatJson.withVariables(ChatRequest.of(List.of()), "v", "{\"a\": 1, \"b\": null}");
        assertEquals(List.of("a", "b"), List.copyOf(request.variables().keySet()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | r is not JSON: line 1, column 1: a name in quotation marks is expected, and the end is there.",
                "nul | r is not JSON: line 1, column 1: Unexpected token 'nul'. Did you mean 'null'?.",
                "[1, 2 3] | r is not JSON: line 1, column 7: ',' or ']' is expected, and a number is there.",
                "[{\"role\" \"user\"}] | r is not JSON: line 1, column 10: ':' is expected, and a text is there.",
                "[{\"role\": \"user\" \"x\": 1}] | r is not JSON: line 1, column 18: ',' or '}' is expected, and a text",
                "[1,] | r is not JSON: line 1, column 4: an item is expected behind the last ',' of the list.",
                "[ | r is not JSON: line 1, column 1: a value is expected, and the end is there.",
                "[\"a] | r is not JSON: line 1, column 2: the text that begins here has no end.",
                "3 | r is 3; a list of messages, or an object with them, is expected.",
                "{} | r has no \"messages\".",
                "{\"messages\": \"x\"} | r: messages is \"x\"; a list is expected.",
                "{\"messages\": [{}]} | r: messages[0] has no \"role\"; a string is expected.",
                "[3] | r[0] is 3; an object with role and content is expected.",
                "[{\"role\": \"user\", \"content\": {}}] | r[0].content is an object; a string, null or a list of parts is",
                "[{\"role\": null}] | r[0].role is null; a string is expected.",
                "[{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}] | r[0].content[0].type is"
                        + " \"image_url\"; \"text\", the one kind of part that is read here, is expected.",
                "[{\"role\": \"user\", \"content\": [{\"type\": \"text\"}]}] | r[0].content[0] has no \"text\"; a string is",
                "[{\"role\": \"user\", \"tool_calls\": true}] | r[0].tool_calls is true; a list is expected.",
            })
    void whatIsWrongIsNamedWithItsPlace(String json, String message) {
        var problem = assertThrows(IllegalArgumentException.class, () -> ChatJson.request("r", json));
        assertEquals(message, String.valueOf(problem.getMessage()).substring(0, message.length()));
    }

    @Test
    void nothingAtAllIsNoJson() {
        var problem = assertThrows(IllegalArgumentException.class, () -> ChatJson.request("r", " \n"));
        assertEquals("r is not JSON: it is empty.", problem.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{\"role\": \"user\", \"content\": \"ab\\ud83d\"}] | r[0].content holds half of a character, \\ud83d alone, at",
                "{\"messages\": [{\"role\": \"\\udc00\\ud800\"}]} | r: messages[0].role holds half of a character, \\udc00",
                "[{\"role\": \"user\", \"x\": {\"\\ud800\": 1}}] | a name in r[0].x holds half of a character, \\ud800",
            })
    void halfACharacterIsRefused(String json, String message) {
        var problem = assertThrows(IllegalArgumentException.class, () -> ChatJson.request("r", json));
        assertEquals(message, String.valueOf(problem.getMessage()).substring(0, message.length()));
    }

    @Test
    void bothHalvesAreACharacter() {
        String json = "[{\"role\": \"user\", \"content\": \"\\ud83d\\ude00\"}]";
        assertEquals(
                "\uD83D\uDE00",
                ChatJson.request("r", json).messages().getFirst().fields().get("content"));
        // What a model wrote as arguments is no JSON then, and stays the text that it is.
        String arguments = "{\\\"a\\\": \\\"\\\\ud800\\\"}";
        ChatRequest request = ChatJson.request(
                "r",
                "[{\"role\": \"assistant\", \"tool_calls\": [{\"function\": {\"name\": \"f\", \"arguments\": \""
                        + arguments + "\"}}]}]");
        List<?> calls = (List<?>)
                Objects.requireNonNull(request.messages().getFirst().fields().get("tool_calls"));
        assertEquals("{\"a\": \"\\ud800\"}", arguments(calls.getFirst()));
    }

    @Test
    void whatIsTooDeepForAnyStackIsRefused() {
        String nested = "[".repeat(5000) + "]".repeat(5000);
        String deep = "[{\"role\": \"user\", \"content\": \"[\\\"[{\", \"x\": " + nested + "}]";
        var problem = assertThrows(IllegalArgumentException.class, () -> ChatJson.request("r", deep));
        assertEquals("r has lists and objects more than 100 deep in each other.", problem.getMessage());
        String quoted = deep.replace(nested, "\"" + "[".repeat(5000) + "\"");
        assertEquals(1, ChatJson.request("r", quoted).messages().size());
    }
}
