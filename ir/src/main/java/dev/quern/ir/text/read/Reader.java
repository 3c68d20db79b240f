package dev.quern.ir.text.read;

import dev.quern.ir.Module;
import dev.quern.ir.text.read.grammar.QuernIrLexer;
import dev.quern.ir.text.read.grammar.QuernIrParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.LexerNoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.Vocabulary;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/** Reads what {@link dev.quern.ir.text.Writer} writes, and what people write after its example. */
public final class Reader {
    private Reader() {}

    /**
     * Reads a module.
     *
     * @param name how messages call the text, a file name as a rule
     * @throws ReadException at the first thing that cannot be read
     */
    public static Module read(String name, String text) {
        return readWithLines(name, text).module();
    }

    /** Reads a module and remembers where its parts stand. */
    public static Reading readWithLines(String name, String text) {
        Source source = new Source(name, text);
        QuernIrLexer lexer = new QuernIrLexer(CharStreams.fromString(text, name));
        QuernIrParser parser = new QuernIrParser(new CommonTokenStream(lexer));
        Errors errors = new Errors(source);
        lexer.removeErrorListeners();
        lexer.addErrorListener(errors);
        parser.removeErrorListeners();
        parser.addErrorListener(errors);
        return new TreeReader(source).module(parser.module());
    }

    /** Turns the first complaint of lexer or parser into an exception. */
    private static final class Errors extends BaseErrorListener {
        private static final int MOST_EXPECTED = 12;
        private final Source source;

        Errors(Source source) {
            this.source = source;
        }

        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                @Nullable Object offending,
                int line,
                int column,
                String message,
                @Nullable RecognitionException cause) {
            if (cause instanceof LexerNoViableAltException) {
                throw source.error(line, column, "there is no such symbol in this text form");
            }
            if (recognizer instanceof Parser parser && offending instanceof Token found) {
                String what = found.getType() == Token.EOF ? "the end of the text" : "'" + found.getText() + "'";
                throw source.error(line, column, "expected " + expected(parser) + ", found " + what);
            }
            throw source.error(line, column, message);
        }

        private static String expected(Parser parser) {
            IntervalSet tokens = parser.getExpectedTokens();
            List<String> names = new ArrayList<>();
            for (int type : tokens.toList()) {
                names.add(name(parser.getVocabulary(), type));
            }
            return names.isEmpty() || names.size() > MOST_EXPECTED ? "something else" : String.join(" or ", names);
        }

        private static String name(Vocabulary vocabulary, int type) {
            return switch (type) {
                case Token.EOF -> "the end of the text";
                case QuernIrLexer.VALUE -> "a value, %name";
                case QuernIrLexer.GLOBAL -> "@name";
                case QuernIrLexer.SYMBOL -> "a symbol, ?name";
                case QuernIrLexer.INT -> "a whole number";
                case QuernIrLexer.FLOAT -> "a number";
                case QuernIrLexer.STRING -> "\"text\"";
                case QuernIrLexer.BOOL -> "true or false";
                case QuernIrLexer.ID -> "a word";
                default -> vocabulary.getDisplayName(type);
            };
        }
    }
}
