package dev.quern.cli.arguments;

import dev.quern.text.TokenText;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arguments as the shell gave them. Java decodes arguments before anyone is asked, and what it cannot decode
 * becomes U+FFFD: bytes that are no UTF-8, and where no language works all but ASCII. Where the system still has the
 * bytes (Linux, in {@code /proc/self/cmdline}) they are taken from there.
 */
public final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final char REPLACEMENT = '\uFFFD';

    private RawArguments() {}

    /**
     * The arguments without loss where that can be had: a byte that belongs to no character stands as {@link TokenText}
     * says.
     *
     * @param decoded as Java gives them
     */
    public static List<String> of(List<String> decoded) {
        boolean isLossless = decoded.stream().noneMatch(each -> each.indexOf(REPLACEMENT) >= 0);
        if (isLossless || !mayBeUtf8() || !Files.isReadable(COMMAND_LINE)) {
            return decoded;
        }
        try {
            return restored(decoded, Files.readAllBytes(COMMAND_LINE));
        } catch (IOException e) {
            // What Java made of them is the best there is.
            return decoded;
        }
    }

    /** Whether the language's character set is UTF-8, or ASCII for want of any. */
    private static boolean mayBeUtf8() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name)
                && List.of(StandardCharsets.UTF_8, StandardCharsets.US_ASCII).contains(Charset.forName(name));
    }

    /**
     * The same out of the bytes of a whole command line.
     *
     * @param commandLine words that NUL ends; the last are the arguments
     */
    static List<String> restored(List<String> decoded, byte[] commandLine) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < commandLine.length; at++) {
            if (commandLine[at] == 0) {
                words.add(TokenText.decode(Arrays.copyOfRange(commandLine, start, at)));
                start = at + 1;
            }
        }
        int first = words.size() - decoded.size();
        List<String> restored = new ArrayList<>(decoded);
        for (int index = 0; index < decoded.size() && first >= 0; index++) {
            if (decoded.get(index).indexOf(REPLACEMENT) >= 0) {
                restored.set(index, words.get(first + index));
            } else if (!decoded.get(index).equals(words.get(first + index))) {
                // These are not the words of this command line.
                return decoded;
            }
        }
        return List.copyOf(restored);
    }
}
