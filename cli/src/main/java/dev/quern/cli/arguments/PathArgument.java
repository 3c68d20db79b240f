package dev.quern.cli.arguments;

import dev.quern.text.TokenText;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.TypeConversionException;

/**
 * Paths out of arguments, of any bytes. A name that Java has no characters for, because it is no UTF-8 or because no
 * language works, is spelled as an address, in which bytes can be escaped.
 */
public final class PathArgument {
    private static final String HEXADECIMAL = "0123456789ABCDEF";

    private PathArgument() {}

    /**
     * The path of an argument.
     *
     * @throws InvalidPathException if no file can have this name
     * @throws TypeConversionException if it is empty, which Java takes for the current folder
     */
    public static Path of(String argument) {
        if (argument.isEmpty()) {
            throw new TypeConversionException("the name is empty");
        }
        boolean lossless = argument.chars().noneMatch(unit -> unit >= 0xDC80 && unit <= 0xDCFF)
                || StandardCharsets.UTF_8.newEncoder().canEncode(argument);
        if (!lossless) {
            return ofBytes(argument);
        }
        try {
            return Path.of(argument);
        } catch (InvalidPathException e) {
            if (argument.indexOf('\0') >= 0) {
                throw e;
            }
            return ofBytes(argument);
        }
    }

    private static Path ofBytes(String argument) {
        StringBuilder address = new StringBuilder("file://");
        if (!argument.startsWith("/")) {
            String folder = Path.of("").toAbsolutePath().toUri().getRawPath();
            address.append(folder).append(folder.endsWith("/") ? "" : "/");
        }
        for (byte each : TokenText.bytes(argument)) {
            boolean plain = each == '/' || each == '.' || (each > 0 && Character.isLetterOrDigit(each));
            if (plain) {
                address.append((char) each);
            } else {
                address.append('%').append(HEXADECIMAL.charAt(each >> 4 & 15)).append(HEXADECIMAL.charAt(each & 15));
            }
        }
        return Path.of(URI.create(address.toString()));
    }
}
