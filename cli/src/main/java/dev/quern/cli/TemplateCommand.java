package dev.quern.cli;

import dev.quern.cli.chat.Clock;
import dev.quern.cli.terminal.Visible;
import dev.quern.cli.tokens.TextSource;
import dev.quern.cli.tokens.TokenizerFile;
import dev.quern.plan.json.JsonText;
import dev.quern.runtime.chat.ChatFormat;
import dev.quern.text.MarkedText;
import dev.quern.text.Tokenizer;
import dev.quern.text.TokenizerData;
import dev.quern.text.Tokenizers;
import dev.quern.text.chat.ChatJson;
import dev.quern.text.chat.ChatRequest;
import dev.quern.text.chat.ChatTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code quern template}. */
@Command(
        name = "template",
        description = {
            "Prints the prompt that a model's chat template makes of a conversation, as it is sent to the model.",
            "Only the tokenizer and the template of the model are read; a model without a template gets ChatML."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footerHeading = "%n",
        footer = {
            "Conversations are JSON as OpenAI's interface takes them: a list of messages with",
            "role and content, or an object with \"messages\" and perhaps \"tools\".",
            "",
            "Examples:",
            "  quern template smollm2-135m --messages chat.json",
            "  echo '[{\"role\": \"user\", \"content\": \"Hi\"}]' | quern template model.gguf",
            "  quern template model.gguf --messages chat.json --tools tools.json --json",
        })
final class TemplateCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "MODEL.gguf|BUNDLE|NAME", description = "Whose template.")
    private String subject = "";

    @Option(
            names = "--messages",
            paramLabel = "FILE",
            description = "The conversation; - for standard input, which is the default.")
    private @Nullable Path messages;

    @Option(names = "--tools", paramLabel = "FILE", description = "A list of the tools that the model may call.")
    private @Nullable Path tools;

    @Option(
            names = "--variables",
            paramLabel = "FILE",
            description = "An object of further variables for the template, such as {\"enable_thinking\": false}.")
    private @Nullable Path variables;

    @Option(
            names = "--no-generation-prompt",
            description = "Leave out what begins the answer: the conversation is whole.")
    private boolean whole;

    @Option(
            names = "--date",
            paramLabel = "DATE",
            converter = Date.class,
            description = "What templates are told that write the date, such as 2026-01-02 or 2026-01-02T03:04:05."
                    + " Default: now.")
    private @Nullable ChatTime date;

    @Option(names = "--json", description = "Print {\"prompt\": \"...\", \"tokens\": [...]}.")
    private boolean json;

    TemplateCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        TextSource conversation = messages == null || isStandardInput(messages)
                ? TextSource.standardInput("the messages", context.input(), context.terminal())
                : TextSource.file(messages);
        ChatRequest request = ChatJson.request(conversation.name(), text(conversation))
                .withGenerationPrompt(!whole)
                .withTime(date == null ? Clock.now() : date);
        if (tools != null) {
            TextSource source = TextSource.file(tools);
            request = request.withTools(ChatJson.tools(source.name(), text(source)));
        }
        if (variables != null) {
            TextSource source = TextSource.file(variables);
            request = ChatJson.withVariables(request, source.name(), text(source));
        }
        print(request);
        return 0;
    }

    private void print(ChatRequest request) throws IOException {
        TokenizerData data = TokenizerFile.data(context.store().resolve(subject));
        Tokenizer tokenizer = Tokenizers.of(data);
        for (String warning : tokenizer.warnings()) {
            context.terminal().err().println("warning: " + Visible.line(warning));
        }
        ChatFormat format = ChatFormat.of(data, tokenizer);
        if (!format.isOwn()) {
            context.terminal().err().println(NO_TEMPLATE);
        }
        MarkedText prompt = format.render(request);
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("prompt", prompt.text());
            fields.put("tokens", Arrays.stream(format.encode(prompt)).boxed().toList());
            context.terminal().out().print(JsonText.print(fields));
        } else {
            context.terminal().data(prompt.text());
            if (context.terminal().outIsTerminal() && !prompt.text().endsWith("\n")) {
                context.terminal().out().println();
            }
        }
        context.terminal().out().flush();
    }

    /** What to say where a model has no template of its own. */
    static final String NO_TEMPLATE =
            "The model has no chat template; messages are written in ChatML, which it may not have been trained on.";

    private static boolean isStandardInput(Path file) {
        return file.toString().equals(TextSource.STANDARD_INPUT);
    }

    private static String text(TextSource source) {
        return new String(source.trimmed().bytes(), StandardCharsets.UTF_8);
    }

    private static final class Date implements ITypeConverter<ChatTime> {
        @Override
        public ChatTime convert(String text) {
            try {
                return Clock.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
