package dev.quern.cli;

import dev.quern.cli.arguments.FreeText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How much is generated, and what is told of it. */
final class AnswerOptions {
    @Option(
            names = {"-n", "--tokens"},
            paramLabel = "N",
            converter = TokenCount.class,
            description =
                    "Generate at most N tokens; -1 for as many as the context has room for. Default: 256, or 512 for"
                            + " an answer in a chat.")
    private @Nullable Integer count;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            converter = StopConverter.class,
            description = "End where this text appears; may be repeated.")
    private List<FreeText> stops = List.of();

    @Option(
            names = {"-v", "--verbose"},
            description = "Tell all figures at the end: the prompt's, the device's work, the memory.")
    private boolean verbose;

    int count(int otherwise) {
        return count == null ? otherwise : count;
    }

    List<String> stops() {
        return stops.stream().map(FreeText::text).toList();
    }

    boolean verbose() {
        return verbose;
    }

    private static final class StopConverter implements ITypeConverter<FreeText> {
        @Override
        public FreeText convert(String argument) {
            FreeText stop = new FreeText.CharactersConverter().convert(argument);
            if (stop.text().isEmpty()) {
                throw new TypeConversionException(
                        "the text is empty, which would end every answer before it begins; leave the option out to"
                                + " end nowhere");
            }
            return stop;
        }
    }

    private static final class TokenCount implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return text.equals("-1")
                    ? Integer.MAX_VALUE
                    : (int) Numbers.whole(
                            text, 1, Integer.MAX_VALUE, ", or -1 for as many tokens as the context has room for");
        }
    }
}
