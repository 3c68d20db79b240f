package dev.quern.cli;

import dev.quern.cli.start.Share;
import dev.quern.cli.start.Shares;
import dev.quern.cli.tokens.PromptTokens;
import dev.quern.cli.tokens.TextSource;
import dev.quern.plan.bundle.Manifest;
import dev.quern.runtime.Engine;
import dev.quern.runtime.PromptTooLongException;
import dev.quern.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** How a text becomes tokens, the same for every command that takes one. */
final class TextOptions {
    @Option(
            names = "--parse-special",
            negatable = true,
            description = "Take control tokens in the text, such as <|im_start|>, as such. Default: as text.")
    private boolean parseSpecial;

    /** With what the model expects at the beginning and the end, or without. */
    Tokenizer.Options tokens(boolean addSpecial) {
        return new Tokenizer.Options(parseSpecial, addSpecial);
    }

    /** The tokens of a prompt, with those that the model expects at its beginning. */
    List<Integer> encode(Context context, Engine engine, TextSource prompt) {
        Manifest.Model model = engine.manifest().model();
        try (Shares.Span _ = context.shares().begin(Share.PROMPT)) {
            return PromptTokens.encode(
                    engine.tokenizer(),
                    tokens(true),
                    prompt,
                    model.contextLength(),
                    wanted -> PromptTooLongException.remedy(wanted, model.trainedContextLength()));
        }
    }

    /**
     * Whether a text, of which these are the tokens, spells control tokens that were taken for text.
     *
     * @param tokens of the text, as {@link #encode} gives them
     */
    boolean leavesControlTokens(Engine engine, TextSource prompt, List<Integer> tokens) {
        if (parseSpecial || prompt.bytes().length > 1 << 20) {
            return false;
        }
        Tokenizer tokenizer = engine.tokenizer();
        int[] parsed = tokenizer.encode(prompt.bytes(), Tokenizer.Options.TEMPLATE);
        return Arrays.stream(parsed).filter(tokenizer::isControl).count()
                > tokens.stream().filter(tokenizer::isControl).count();
    }
}
