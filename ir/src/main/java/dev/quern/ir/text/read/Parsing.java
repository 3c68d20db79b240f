package dev.quern.ir.text.read;

import dev.quern.ir.text.read.grammar.QuernIrLexer;
import dev.quern.ir.text.read.grammar.QuernIrParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.LexerNoViableAltException;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.Vocabulary;
import org.antlr.v4.runtime.atn.ATNConfig;
import org.antlr.v4.runtime.misc.Interval;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.jspecify.annotations.Nullable;

/** Lexer and parser, with the first complaint of either turned into an exception. */
final class Parsing {
    private Parsing() {}

    static Tree tree(Source source) {
        return new TreeBuilder(source).tree(parser(source).module());
    }

    /** The stage in the text's first line, whatever follows. */
    static Tree.Word stage(Source source) {
        return new TreeBuilder(source).stage(parser(source).header());
    }

    private static QuernIrParser parser(Source source) {
        QuernIrLexer lexer = new Lexer(source);
        QuernIrParser parser = new QuernIrParser(new CommonTokenStream(lexer));
        Errors errors = new Errors(source);
        lexer.removeErrorListeners();
        lexer.addErrorListener(errors);
        parser.removeErrorListeners();
        parser.addErrorListener(errors);
        return parser;
    }

    /** A parser calls itself for every parenthesis in another, so their number is bounded before it meets them. */
    private static final class Lexer extends QuernIrLexer {
        private static final int DEEPEST = 100;
        private final Source source;
        private int depth;

        Lexer(Source source) {
            super(CharStreams.fromString(source.text(), source.name()));
            this.source = source;
        }

        @Override
        public Token nextToken() {
            Token token = super.nextToken();
            depth += switch (token.getText()) {
                case "(" -> 1;
                case ")" -> -1;
                default -> 0;
            };
            if (depth > DEEPEST) {
                throw source.error(TreeBuilder.at(token), "more than " + DEEPEST + " parentheses one in another");
            }
            return token;
        }
    }

    private static final class Errors extends BaseErrorListener {
        private static final int MOST_EXPECTED = 12;
        private static final String EXPRESSION = "; an expression stands in parentheses, (%a + %b)";
        private static final List<String> SOFT =
                List.of("'module'", "'at'", "'symbol'", "'weight'", "'func'", "'by'", "'binds'", "'as'", "'grid'");
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
            At at = new At(line, column + 1);
            if (cause instanceof LexerNoViableAltException stuck) {
                String text = stuck.getInputStream()
                        .getText(Interval.of(
                                stuck.getStartIndex(), stuck.getInputStream().size() - 1));
                if (text.startsWith("\"") || (text.length() > 1 && text.charAt(1) == '"')) {
                    throw source.error(
                            at,
                            "this string does not end on its line, or has an escape other than"
                                    + " \\\", \\\\ and \\u0041");
                }
                throw source.error(at, "this character means nothing here");
            }
            if (recognizer instanceof Parser parser && offending instanceof Token found) {
                String what = found.getType() == Token.EOF ? "the end of the text" : "'" + found.getText() + "'";
                throw source.error(
                        at, "expected " + expected(parser, tokens(parser, cause)) + ", found " + what + hint(found));
            }
            throw source.error(at, message);
        }

        /** What is easily forgotten where such a token is out of place. */
        private static String hint(Token found) {
            String text = found.getText();
            return switch (found.getType()) {
                case QuernIrLexer.PART -> EXPRESSION;
                case QuernIrLexer.INT, QuernIrLexer.FLOAT ->
                    text.startsWith("-") ? "; a blank stands between a minus and what it takes away, 1.0" : "";
                default ->
                    switch (text) {
                        case "+", "-", "*", "/" -> EXPRESSION;
                        default -> "";
                    };
            };
        }

        /**
         * What would have been right at the offending token, which may lie behind the place where the parser stands.
         */
        private static IntervalSet tokens(Parser parser, @Nullable RecognitionException cause) {
            if (!(cause instanceof NoViableAltException dead) || dead.getDeadEndConfigs() == null) {
                return parser.getExpectedTokens();
            }
            IntervalSet tokens = new IntervalSet();
            for (ATNConfig config : dead.getDeadEndConfigs()) {
                for (int index = 0; index < config.state.getNumberOfTransitions(); index++) {
                    IntervalSet label = config.state.transition(index).label();
                    if (label != null) {
                        tokens.addAll(label);
                    }
                }
            }
            return tokens;
        }

        private static String expected(Parser parser, IntervalSet tokens) {
            boolean anyWord = tokens.contains(QuernIrLexer.ID) && tokens.contains(keyword(parser, "'at'"));
            List<String> names = new ArrayList<>();
            for (int type : tokens.toList()) {
                String name = parser.getVocabulary().getDisplayName(type);
                // Where any word is allowed, naming the keywords among them would say nothing.
                if (!anyWord || !SOFT.contains(name)) {
                    names.add(name(parser.getVocabulary(), type));
                }
            }
            return names.isEmpty() || names.size() > MOST_EXPECTED ? "something else" : String.join(" or ", names);
        }

        private static int keyword(Parser parser, String name) {
            Vocabulary vocabulary = parser.getVocabulary();
            for (int type = 1; type <= vocabulary.getMaxTokenType(); type++) {
                if (vocabulary.getDisplayName(type).equals(name)) {
                    return type;
                }
            }
            throw new IllegalStateException("the grammar lacks the keyword " + name);
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
                case QuernIrLexer.PART -> "a part, #0";
                case QuernIrLexer.BOOL -> "true or false";
                case QuernIrLexer.ID -> "a word";
                default -> vocabulary.getDisplayName(type);
            };
        }
    }
}
