package dev.quern.cli;

import dev.quern.cli.bundle.LoadedModel;
import dev.quern.cli.bundle.ModelLoader;
import dev.quern.cli.bundle.OpeningDevice;
import dev.quern.cli.inspect.FileKind;
import dev.quern.cli.start.Share;
import dev.quern.cli.start.Shares;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.tokens.PromptTokens;
import dev.quern.cli.tokens.TextSource;
import dev.quern.runtime.Engine;
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

    @Option(
            names = "--verify",
            description =
                    "Compare every file of the bundle with its hash, also those that were compared before and have"
                            + " not changed since.")
    private boolean verify;

    LoadedModel load(Context context, Interrupt interrupt) throws IOException {
        Shares shares = context.shares();
        shares.sinceStart(Share.COMMAND_LINE);
        try (OpeningDevice device = OpeningDevice.begin(shares)) {
            return load(context, interrupt, shares, device);
        }
    }

    private LoadedModel load(Context context, Interrupt interrupt, Shares shares, OpeningDevice device)
            throws IOException {
        Path file;
        try (Shares.Span _ = shares.begin(Share.MODEL)) {
            file = interrupt.whileWaiting(() -> context.store().resolve(subject));
        }
        if (target.decidesStates().isPresent() && FileKind.of(file) == FileKind.BUNDLE) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    target.decidesStates().get() + " is decided when a model is compiled, and this is a bundle.");
        }
        return new ModelLoader(context.cache(), context.terminal(), verify, shares)
                .load(file, target.profile(), target::options, device, interrupt::requested);
    }

    /** The tokens of a prompt, with those that the model expects at its beginning. */
    List<Integer> encode(Context context, Engine engine, TextSource prompt) {
        Tokenizer.Options options = parseSpecial ? Tokenizer.Options.TEMPLATE : Tokenizer.Options.PROMPT;
        int room = engine.manifest().model().contextLength();
        try (Shares.Span _ = context.shares().begin(Share.PROMPT)) {
            return PromptTokens.encode(engine.tokenizer(), options, prompt, room);
        }
    }
}
