package dev.quern.cli.chat;

import dev.quern.cli.store.OutputFile;
import dev.quern.cli.store.Reasons;
import dev.quern.cli.terminal.Visible;
import dev.quern.cli.tokens.TextSource;
import dev.quern.plan.json.JsonText;
import dev.quern.text.chat.ChatJson;
import dev.quern.text.chat.ChatMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Conversations as files, in the JSON of OpenAI's interface: an object with {@code messages}. */
final class TranscriptFile {
    private TranscriptFile() {}

    /**
     * Writes messages; a file that is there is replaced when all is written.
     *
     * @throws IOException if it cannot be written
     */
    static void save(Path file, List<ChatMessage> messages) throws IOException {
        String json = JsonText.print(
                Map.of("messages", messages.stream().map(ChatMessage::fields).toList()));
        OutputFile target = OutputFile.of(file);
        if (!target.isPlain()) {
            Files.writeString(target.path(), json);
            return;
        }
        Path whole = target.path().toAbsolutePath();
        Path folder = Objects.requireNonNull(whole.getParent(), "a file lies in a folder");
        if (!Files.isDirectory(folder)) {
            throw new IOException(Visible.line(folder) + " is no folder");
        }
        Path part = Files.createTempFile(folder, ".quern-", ".json");
        try {
            Files.writeString(part, json);
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Reads messages.
     *
     * @throws IllegalArgumentException if they cannot be read, or are none
     */
    static List<ChatMessage> load(Path file) {
        TextSource source = TextSource.file(file).trimmed();
        return ChatJson.request(source.name(), new String(source.bytes(), StandardCharsets.UTF_8))
                .messages();
    }

    /** What went wrong with a file, in a sentence. */
    static String problem(Path file, IOException problem) {
        return Visible.line(file) + " cannot be written: " + Reasons.of(problem) + ".";
    }
}
