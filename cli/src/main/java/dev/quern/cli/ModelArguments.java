package dev.quern.cli;

import dev.quern.cli.arguments.FreeText;
import dev.quern.cli.arguments.FreeTextMarks;
import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.bundle.ModelLoader;
import dev.quern.cli.bundle.OpeningDevice;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.start.Share;
import dev.quern.cli.start.Shares;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.tokens.PromptTokens;
import dev.quern.cli.tokens.TextSource;
import dev.quern.cli.tokens.TokenizerFile;
import dev.quern.runtime.PromptException;
import dev.quern.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
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
    private static final String LABEL = "BUNDLE|MODEL.gguf|NAME";

    @Spec(Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = LABEL,
            description = "What to run. A model file or name is compiled into the cache first.")
    private @Nullable String first;

    @Option(
            names = {"-m", "--model"},
            paramLabel = LABEL,
            description = "The same, as an option.")
    private @Nullable String named;

    @Mixin
    private final CompileTarget target = new CompileTarget();

    @Option(
            names = "--verify",
            description =
                    "Compare every file of the bundle with its hash, also those that were compared before and have"
                            + " not changed since.")
    private boolean verify;

    /** The first parameter, where an option names the model, so that it is the text after the model. */
    Optional<FreeText> displaced() {
        return named == null || first == null ? Optional.empty() : Optional.of(text(first));
    }

    private static FreeText text(String argument) {
        return new FreeText(FreeTextMarks.unmarked(argument));
    }

    /**
     * Refuses a command line without a model.
     *
     * @param takesText whether the first parameter may be a text, where an option names the model
     * @throws ParameterException if there is none, or two
     */
    void check(boolean takesText) {
        if (named == null && first == null) {
            throw wrong("Missing required parameter: '" + LABEL + "'");
        }
        if (named != null && first != null && !takesText) {
            throw wrong(
                    "Two models are given, '" + named + "' and '" + text(first).text() + "'; one is expected.");
        }
    }

    /** The model as it was named; {@link #check} sees to it that it was. */
    String subject() {
        return named != null ? named : text(Objects.requireNonNull(first)).text();
    }

    LoadedModel load(Context context, Interrupt interrupt) throws IOException {
        Shares shares = context.shares();
        shares.sinceStart(Share.COMMAND_LINE);
        try (OpeningDevice device = OpeningDevice.begin(shares, target.limits())) {
            return load(context, interrupt, shares, device);
        }
    }

    private LoadedModel load(Context context, Interrupt interrupt, Shares shares, OpeningDevice device)
            throws IOException {
        Path file;
        try (Shares.Span _ = shares.begin(Share.MODEL)) {
            file = interrupt.whileWaiting(() -> context.store().resolve(subject()));
        }
        if (target.decidesStates().isPresent() && FileKind.of(file) == FileKind.BUNDLE) {
            throw wrong(target.decidesStates().get() + " is decided when a model is compiled, and this is a bundle.");
        }
        return new ModelLoader(context.cache(), context.terminal(), verify, shares)
                .load(file, target.profile(), target::options, device, interrupt::requested);
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
            Tokenizer tokenizer = TokenizerFile.open(context.store().resolve(subject()));
            if (PromptTokens.encode(tokenizer, Tokenizer.Options.PROMPT, prompt.bytes()).length == 0) {
                throw PromptException.empty();
            }
        }
    }

    ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
