package dev.quern.cli;

import dev.quern.cli.arguments.FreeText;
import dev.quern.cli.terminal.Terminal;
import dev.quern.cli.terminal.Visible;
import dev.quern.cli.tokens.Pieces;
import dev.quern.cli.tokens.PromptTokens;
import dev.quern.cli.tokens.TextSource;
import dev.quern.cli.tokens.Texts;
import dev.quern.cli.tokens.TokenIds;
import dev.quern.cli.tokens.TokenizerFile;
import dev.quern.text.Tokenizer;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quern tokenize}. */
@Command(
        name = "tokenize",
        description = {
            "Shows the tokens of a text: one a line, the id and what it stands for.",
            "Only the tokenizer of the model is read; the model itself may be one that cannot be run."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footerHeading = "%n",
        footer = {
            "A text is bytes in UTF-8, taken as they are: a line feed at the end belongs to it.",
            "Bytes that are no UTF-8 are kept as byte tokens by SentencePiece and become U+FFFD,",
            "one for each, in byte pair encoding. In JSON, a byte that is no character by itself",
            "is the lone surrogate U+DC00 + byte.",
            "",
            "Examples:",
            "  quern tokenize smollm2-135m \"Once upon a time\"",
            "  quern tokenize model.gguf --json <text",
            "  quern tokenize model.gguf --null --json <texts | quern tokenize model.gguf \\",
            "    --null --decode",
        })
final class TokenizeCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(
            index = "0",
            paramLabel = "MODEL.gguf|BUNDLE|NAME",
            description = "Whose tokenizer; a vocabulary without a model will do.")
    private String subject = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TEXT",
            converter = FreeText.Converter.class,
            description =
                    "The text; put -- before one that is spelled like an option. Default, and for -: standard input.")
    private @Nullable FreeText text;

    @Option(
            names = "--json",
            description = "Print {\"tokens\": [...], \"pieces\": [...]}; with --null, an array of ids a text.")
    private boolean json;

    @Mixin
    private final TextOptions texts = new TextOptions();

    @Option(names = "--no-bos", description = "Add nothing that the model expects at the beginning or the end.")
    private boolean plain;

    @Option(
            names = "--null",
            description = {
                "Take several texts, each ended by a NUL byte (the last need not be), and print the ids of each on a line.",
                "With --decode: take a line of ids for each text, and end each text with a NUL byte."
            })
    private boolean several;

    @Option(
            names = "--decode",
            description = {
                "Take ids, with blanks or commas between them or as JSON, and print the text, exactly"
                        + " (on a terminal with control characters as \\u{1B}).",
                "What would be added to the text is left out, unless --no-bos is given."
            })
    private boolean decode;

    TokenizeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer = TokenizerFile.open(context.store().resolve(subject));
        for (String warning : tokenizer.warnings()) {
            context.terminal().err().println("warning: " + Visible.line(warning));
        }
        TextSource source = source();
        byte[] input = source.bytes();
        Tokenizer.Options options = texts.tokens(!plain);
        PrintStream out = context.terminal().out();
        try {
            if (decode) {
                decode(tokenizer, options, source);
            } else {
                encode(tokenizer, options, input, out);
            }
        } catch (OutOfMemoryError e) {
            throw PromptTokens.tooLarge(input.length, e);
        }
        return 0;
    }

    private void encode(Tokenizer tokenizer, Tokenizer.Options options, byte[] input, PrintStream out) {
        StringBuilder line = new StringBuilder();
        if (several) {
            for (byte[] each : Texts.endedBy((byte) 0, input)) {
                line.setLength(0);
                line.append(json ? "[" : "");
                TokenIds.print(tokenizer.encode(each, options), json ? ", " : " ", line);
                out.append(line).append(json ? "]\n" : "\n");
            }
            return;
        }
        int[] ids = tokenizer.encode(input, options);
        if (json) {
            line.append("{\"tokens\": [");
            TokenIds.print(ids, ", ", line);
            out.append(line).append("], \"pieces\": [");
            String separator = "";
            for (int id : ids) {
                out.append(separator).append(Pieces.json(tokenizer.piece(id)));
                separator = ", ";
            }
            out.append("]}\n");
            return;
        }
        int width = String.valueOf(tokenizer.vocabularySize() - 1).length();
        for (int id : ids) {
            String number = String.valueOf(id);
            out.append(" ".repeat(width - number.length())).append(number).append("  ");
            out.append(Pieces.visible(tokenizer.piece(id))).append('\n');
        }
    }

    private void decode(Tokenizer tokenizer, Tokenizer.Options options, TextSource source) {
        Terminal terminal = context.terminal();
        if (!several) {
            terminal.data(tokenizer.decode(TokenIds.read(source.name(), source.bytes()), options));
            return;
        }
        List<byte[]> lines = Texts.endedBy((byte) '\n', source.bytes());
        for (int index = 0; index < lines.size(); index++) {
            String place = source.name() + ", text " + (index + 1);
            terminal.data(tokenizer.decode(TokenIds.read(place, lines.get(index)), options));
            terminal.data(new byte[1]);
        }
    }

    private TextSource source() throws IOException {
        if (text != null && !text.isStandardInput()) {
            return TextSource.argument(text.bytes());
        }
        TextSource read = TextSource.standardInput(decode ? "ids" : "the text", context.input(), context.terminal());
        if (!read.isWhole()) {
            throw new IllegalArgumentException("What comes from standard input is longer than "
                    + (TextSource.MOST_BYTES >> 20) + " MiB, the most that is taken at once. Give it in parts.");
        }
        return read;
    }
}
