package dev.quern.cli.arguments;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes what stands behind the equals sign of an option that is there or not: nothing else than whether it is. */
public final class SwitchConverter implements ITypeConverter<Boolean> {
    @Override
    public Boolean convert(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new TypeConversionException("the option is a switch, which takes no value, and '" + text
                        + "' is given as one; write the option alone");
        };
    }
}
