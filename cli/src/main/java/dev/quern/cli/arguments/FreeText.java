package dev.quern.cli.arguments;

import dev.quern.text.TokenText;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A text that a person gives on the command line: any text, also one that looks like an option. An option or parameter
 * of this type takes its argument as it is, through {@link FreeTextMarks}.
 *
 * @param text the argument; a byte that belongs to no character stands as {@link TokenText} says
 */
public record FreeText(String text) {
    /** The bytes that were given. */
    public byte[] bytes() {
        return TokenText.bytes(text);
    }

    /** Whether this asks for standard input. */
    public boolean isStandardInput() {
        return text.equals("-");
    }

    /** Takes texts of any bytes. */
    public static final class Converter implements ITypeConverter<FreeText> {
        @Override
        public FreeText convert(String argument) {
            return new FreeText(FreeTextMarks.unmarked(argument));
        }
    }

    /** Takes texts that are characters, each of which must be one. */
    public static final class CharactersConverter implements ITypeConverter<FreeText> {
        @Override
        public FreeText convert(String argument) {
            String text = FreeTextMarks.unmarked(argument);
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw new TypeConversionException("it holds bytes that are no UTF-8");
            }
            return new FreeText(text);
        }
    }
}
