package dev.quern.cli;

import dev.quern.cli.arguments.FreeText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a model is told before a chat. */
final class SystemOption {
    @Option(
            names = "--system",
            paramLabel = "TEXT",
            converter = FreeText.CharactersConverter.class,
            description = "The system message of a chat: what the model is to be and do.")
    private @Nullable FreeText system;

    Optional<String> text() {
        return Optional.ofNullable(system).map(FreeText::text);
    }
}
