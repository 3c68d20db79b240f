package dev.quern.cli.arguments;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Takes one of a few words, in capitals or not.
 *
 * @param type its constants are the words
 * @param what they are, for messages
 */
public record EnumConverter<E extends Enum<E>>(Class<E> type, String what) implements ITypeConverter<E> {
    @Override
    public E convert(String word) {
        List<E> constants = Arrays.asList(type.getEnumConstants());
        return constants.stream()
                .filter(constant -> constant.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("there is no " + what + " '" + word + "'; "
                        + (constants.size() == 1 ? "there is " : "there are ")
                        + String.join(
                                ", ",
                                constants.stream()
                                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                        .toList())));
    }
}
