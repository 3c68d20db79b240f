package dev.quern.cli;

import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.tokens.PromptTokens;
import dev.quern.cli.tokens.TextSource;
import dev.quern.cli.tokens.TokenizerFile;
import dev.quern.runtime.Engine;
import dev.quern.runtime.PromptException;
import dev.quern.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What commands that run a model take. */
final class ModelArguments {
    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "BUNDLE|MODEL.gguf|NAME",
            description = "What to run. A model file or name is compiled into the cache first.")
    private String subject = "";

    @Mixin
    private final CompileTarget target = new CompileTarget();

    @Option(
            names = "--no-parse-special",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Take control tokens in the text, such as <|im_start|>, as control tokens (the default) or as"
                    + " text.")
    private boolean parseSpecial;

    LoadedModel load(Context context, Interrupt interrupt) throws IOException {
        Path file = interrupt.whileWaiting(() -> context.store().resolve(subject));
        if (target.decidesStates().isPresent() && FileKind.of(file) == FileKind.BUNDLE) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    target.decidesStates().get() + " is decided when a model is compiled, and this is a bundle.");
        }
        return LoadedModel.open(
                file, target.profile(), target::options, context.bundles(), context.terminal(), interrupt::requested);
    }

    /**
     * Looks at a prompt before a model is compiled for nothing.
     *
     * @throws PromptException if it is empty, and the model puts no token of its own before a text
     */
    void check(Context context, TextSource prompt) throws IOException {
        prompt.firstThatIsNoUtf8()
                .ifPresent(at -> context.terminal()
                        .err()
                        .println("warning: the prompt (" + prompt.name() + ") is no UTF-8: byte " + at
                                + " belongs to no character. It is taken as it is; 'iconv -f LATIN1 -t UTF-8' converts"
                                + " a text in Latin 1."));
        if (prompt.bytes().length == 0) {
            Tokenizer tokenizer = TokenizerFile.open(context.store().resolve(subject));
            if (PromptTokens.encode(tokenizer, Tokenizer.Options.PROMPT, prompt.bytes()).length == 0) {
                throw new PromptException(
                        "The prompt is empty, and this model puts no token of its own before a text. Give at least one"
                                + " character.");
            }
        }
    }

    /** The tokens of a prompt, with those that the model expects at its beginning. */
    List<Integer> encode(Engine engine, TextSource prompt) {
        Tokenizer.Options options = parseSpecial ? Tokenizer.Options.TEMPLATE : Tokenizer.Options.PROMPT;
        int room = engine.manifest().model().contextLength();
        return PromptTokens.encode(engine.tokenizer(), options, prompt, room);
    }
}
