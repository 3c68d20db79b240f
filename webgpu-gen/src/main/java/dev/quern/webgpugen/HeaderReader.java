package dev.quern.webgpugen;

import dev.quern.webgpugen.Declaration.Alias;
import dev.quern.webgpugen.Declaration.Constant;
import dev.quern.webgpugen.Declaration.Enumeration;
import dev.quern.webgpugen.Declaration.Enumerator;
import dev.quern.webgpugen.Declaration.Field;
import dev.quern.webgpugen.Declaration.Flag;
import dev.quern.webgpugen.Declaration.Function;
import dev.quern.webgpugen.Declaration.Handle;
import dev.quern.webgpugen.Declaration.Parameter;
import dev.quern.webgpugen.Declaration.Structure;
import dev.quern.webgpugen.Declaration.TypeUse;
import dev.quern.webgpugen.grammar.WebGpuHeaderLexer;
import dev.quern.webgpugen.grammar.WebGpuHeaderParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Reads the text of one header into declarations, in the order of the text. */
public final class HeaderReader {
    private final CommonTokenStream tokens;
    private final Map<String, Declaration> declarations = new LinkedHashMap<>();
    private final Map<String, Long> values = new LinkedHashMap<>();

    private HeaderReader(CommonTokenStream tokens) {
        this.tokens = tokens;
    }

    /**
     * The declarations of a header.
     *
     * @param fileName the header's name, for messages
     * @throws HeaderException with file, line and column, where the text is not of the C subset that is understood
     */
    public static List<Declaration> read(String fileName, String text) {
        var problems = new Problems(fileName);
        var lexer = new WebGpuHeaderLexer(CharStreams.fromString(text, fileName));
        lexer.removeErrorListeners();
        lexer.addErrorListener(problems);
        var tokens = new CommonTokenStream(lexer);
        var parser = new WebGpuHeaderParser(tokens);
        parser.removeErrorListeners();
        parser.addErrorListener(problems);
        var reader = new HeaderReader(tokens);
        parser.header().item().forEach(reader::item);
        return List.copyOf(reader.declarations.values());
    }

    private void item(WebGpuHeaderParser.ItemContext item) {
        String comment = comment(item);
        switch (item) {
            case WebGpuHeaderParser.LinkageContext linkage -> linkage.item().forEach(this::item);
            case WebGpuHeaderParser.ConstantContext constant -> add(constant(constant.getText(), comment));
            case WebGpuHeaderParser.HandleContext handle -> add(new Handle(handle.name.getText(), comment));
            case WebGpuHeaderParser.EnumerationContext enumeration ->
                add(new Enumeration(
                        enumeration.name.getText(),
                        enumeration.enumerator().stream().map(this::enumerator).toList(),
                        comment));
            case WebGpuHeaderParser.StructureContext structure ->
                add(new Structure(
                        structure.name.getText(),
                        structure.field().stream()
                                .map(field -> field(structure.name.getText(), field))
                                .toList(),
                        false,
                        comment));
            case WebGpuHeaderParser.CallbackContext callback ->
                add(new Declaration.Callback(
                        callback.name.getText(), type(callback.type()), parameters(callback.parameters()), comment));
            case WebGpuHeaderParser.FunctionContext function ->
                add(new Function(
                        function.name.getText(), type(function.type()), parameters(function.parameters()), comment));
            case WebGpuHeaderParser.AliasContext alias ->
                add(new Alias(alias.name.getText(), type(alias.type()), List.of(), comment));
            case WebGpuHeaderParser.FlagContext flag -> flag(flag, comment);
            case WebGpuHeaderParser.ForwardContext forward -> {
                // The structure itself follows; C needs the announcement, Java does not.
            }
            default -> throw new IllegalStateException("The grammar has a kind of item that the reader lacks: " + item);
        }
    }

    private void add(Declaration declaration) {
        declarations.put(declaration.name(), declaration);
    }

    private void flag(WebGpuHeaderParser.FlagContext context, String comment) {
        String owner = context.owner.getText();
        if (!(declarations.get(owner) instanceof Alias alias)) {
            throw new HeaderException("line " + context.getStart().getLine() + ": the constant "
                    + context.name.getText() + " is of type " + owner + ", which is not defined above it.");
        }
        var flags = new ArrayList<>(alias.flags());
        long value = evaluate(context.expression());
        values.put(context.name.getText(), value);
        flags.add(new Flag(context.name.getText(), value, comment));
        declarations.put(owner, new Alias(alias.name(), alias.target(), List.copyOf(flags), alias.comment()));
    }

    private Enumerator enumerator(WebGpuHeaderParser.EnumeratorContext context) {
        long value = evaluate(context.expression());
        values.put(context.name.getText(), value);
        return new Enumerator(context.name.getText(), Math.toIntExact(value), comment(context));
    }

    /** A field; a union without a name of its own is declared under the names of its structure and field. */
    private Field field(String owner, WebGpuHeaderParser.FieldContext context) {
        return switch (context) {
            case WebGpuHeaderParser.PlainContext plain ->
                new Field(plain.name.getText(), type(plain.type()), comment(plain));
            case WebGpuHeaderParser.UnionContext union -> {
                String name = owner + "_" + union.name.getText();
                add(new Structure(
                        name,
                        union.field().stream().map(field -> field(name, field)).toList(),
                        true,
                        comment(union)));
                yield new Field(union.name.getText(), new TypeUse(name, 0, false), comment(union));
            }
            default -> throw new IllegalStateException("The grammar has a kind of field that the reader lacks.");
        };
    }

    private static Constant constant(String line, String comment) {
        String[] parts = line.strip().split("\\s+", 3);
        String value = parts[2].substring(1, parts[2].length() - 1);
        return switch (value) {
            case "UINT32_MAX" -> new Constant(parts[1], -1, false, comment);
            case "UINT64_MAX", "SIZE_MAX" -> new Constant(parts[1], -1, true, comment);
            default -> new Constant(parts[1], Long.parseLong(value, 9, value.length() - 1, 10), false, comment);
        };
    }

    private static TypeUse type(WebGpuHeaderParser.TypeContext type) {
        return new TypeUse(type.name.getText(), type.pointer().size(), type.NULLABLE() != null);
    }

    private static List<Parameter> parameters(WebGpuHeaderParser.ParametersContext parameters) {
        return parameters.parameter().stream()
                .filter(parameter -> parameter.name != null)
                .map(parameter -> new Parameter(parameter.name.getText(), type(parameter.type())))
                .toList();
    }

    private long evaluate(WebGpuHeaderParser.ExpressionContext expression) {
        return switch (expression) {
            case WebGpuHeaderParser.LiteralContext literal -> Long.decode(literal.getText());
            case WebGpuHeaderParser.GroupContext group -> evaluate(group.expression());
            case WebGpuHeaderParser.ShiftContext shift ->
                evaluate(shift.expression(0)) << evaluate(shift.expression(1));
            case WebGpuHeaderParser.EitherContext either ->
                evaluate(either.expression(0)) | evaluate(either.expression(1));
            case WebGpuHeaderParser.ReferenceContext reference -> {
                Long value = values.get(reference.getText());
                if (value == null) {
                    throw new HeaderException("line " + reference.getStart().getLine() + ": the value of "
                            + reference.getText() + " is not known; it has to be defined above.");
                }
                yield value;
            }
            default -> throw new IllegalStateException("The grammar has an expression that the reader lacks.");
        };
    }

    /** The comment that belongs to what begins here: the block or the lines that end just before it. */
    private String comment(ParserRuleContext context) {
        List<Token> hidden = tokens.getHiddenTokensToLeft(context.getStart().getTokenIndex());
        if (hidden == null || hidden.isEmpty()) {
            return "";
        }
        Token last = hidden.getLast();
        if (last.getType() == WebGpuHeaderLexer.BLOCK_COMMENT) {
            // A marker that opens or closes a group of declarations describes none of them.
            boolean isGroup = last.getText().contains("@{") || last.getText().contains("@}");
            return last.getText().startsWith("/**") && !isGroup ? Comments.block(last.getText()) : "";
        }
        int first = context.getStart().getTokenIndex() - hidden.size();
        int lineBefore = first == 0 ? 0 : tokens.get(first - 1).getLine();
        int nextLine = context.getStart().getLine();
        var lines = new ArrayList<String>();
        for (Token token : hidden.reversed()) {
            if (token.getType() != WebGpuHeaderLexer.LINE_COMMENT
                    || token.getLine() != nextLine - 1
                    || token.getLine() == lineBefore) {
                // Of another kind, further up, or at the end of a line whose declaration it is about.
                break;
            }
            lines.addFirst(token.getText().substring(2).strip());
            nextLine--;
        }
        return String.join("\n", lines);
    }

    /** The first problem ends the reading: what follows it would be guesswork. */
    private static final class Problems extends BaseErrorListener {
        private final String fileName;

        Problems(String fileName) {
            this.fileName = fileName;
        }

        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                @Nullable Object symbol,
                int line,
                int column,
                String message,
                @Nullable RecognitionException cause) {
            throw new HeaderException(fileName + ":" + line + ":" + (column + 1)
                    + ": this is outside the subset of C that is understood: " + message + ".");
        }
    }
}
