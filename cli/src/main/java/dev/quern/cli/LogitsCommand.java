package dev.quern.cli;

import dev.quern.cli.bundle.InterruptedLoad;
import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.inspect.LogitsFile;
import dev.quern.cli.store.OutputFile;
import dev.quern.cli.terminal.Counted;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.terminal.ProgressLine;
import dev.quern.cli.tokens.TextSource;
import dev.quern.runtime.Engine;
import dev.quern.runtime.Scoring;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code quern logits}. */
@Command(
        name = "logits",
        description = {
            "Writes the logits behind every token of a text, for comparison with other engines: that of -p or -f,"
                    + " otherwise what standard input holds. Tokens that the model expects at its beginning are added.",
            "The file holds 32-bit floats, little-endian: a row as long as the vocabulary for each position."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  quern logits smollm2-135m -p \"Once upon a time\" -o logits.bin",
            "  quern logits model.gguf -f story.txt -o logits.bin",
            "  quern logits model.gguf --tokens 1,403,407 -o logits.bin",
        })
final class LogitsCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ModelArguments model = new ModelArguments();

    @Mixin
    private final TextOptions texts = new TextOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @ArgGroup
    private final Input input = new Input();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "Where to write.")
    private Path output = Path.of("");

    private static final class Input extends PromptOptions {
        @Option(
                names = "--tokens",
                required = true,
                split = ",",
                paramLabel = "ID",
                converter = TokenId.class,
                description = "Tokens instead of a prompt; nothing is added.")
        private List<Integer> tokens = List.of();
    }

    LogitsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        model.check(false);
        TextSource text = input.tokens.isEmpty() ? input.required(context, Objects.requireNonNull(spec)) : null;
        if (text != null) {
            model.check(context, text);
        }
        // Before a model is compiled for nothing.
        OutputFile.of(output);
        try (Interrupt interrupt = Interrupt.listen();
                LoadedModel loaded = model.load(context, interrupt)) {
            Engine engine = loaded.engine();
            List<Integer> tokens = text == null ? input.tokens : texts.encode(context, engine, text);
            try (LogitsFile file = LogitsFile.create(output);
                    ProgressLine progress = context.terminal().steps("Computing logits")) {
                Scoring scoring = engine.session().score(tokens, (position, logits) -> {
                    if (interrupt.requested()) {
                        throw new InterruptedLoad();
                    }
                    file.row(logits);
                    progress.at(position + 1L, tokens.size());
                });
                scoring.finish();
                file.complete();
            }
            context.terminal()
                    .err()
                    .println(Counted.of(tokens.size(), "row") + " of "
                            + engine.tokenizer().vocabularySize() + " logits.");
            context.terminal().path(output);
            return 0;
        } catch (InterruptedLoad e) {
            return Interrupt.EXIT_CODE;
        }
    }

    private static final class TokenId implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) Numbers.whole(text.strip(), 0, Integer.MAX_VALUE);
        }
    }
}
