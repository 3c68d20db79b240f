package dev.quern.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream of results, on which nothing is lost in silence. A {@link java.io.PrintStream} keeps failures to itself;
 * what this throws is none of those that it catches, so the command that prints ends. Once something is lost, all that
 * follows fails too.
 */
final class ResultStream extends OutputStream {
    private static final Path STANDARD_OUTPUT = Path.of("/dev/fd/1");
    private static final int KIND = 0170000;
    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    private final OutputStream target;
    private final BooleanSupplier isPipe;
    private @Nullable LostOutputException lost;

    private ResultStream(OutputStream target, BooleanSupplier isPipe) {
        this.target = target;
        this.isPipe = isPipe;
    }

    /** Over any stream. */
    static ResultStream over(OutputStream target) {
        return new ResultStream(target, () -> false);
    }

    /** The standard output of this process. Not {@link System#out}, which keeps failures to itself. */
    static ResultStream ofProcess() {
        return new ResultStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                ResultStream::isStandardOutputAPipe);
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int length) {
        requireReader();
        try {
            target.write(bytes, start, length);
        } catch (IOException e) {
            throw lose(e);
        }
    }

    @Override
    public void flush() {
        requireReader();
        try {
            target.flush();
        } catch (IOException e) {
            throw lose(e);
        }
    }

    private void requireReader() {
        if (lost != null) {
            throw lost;
        }
    }

    private LostOutputException lose(IOException cause) {
        boolean brokenPipe =
                String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe");
        lost = new LostOutputException(cause, brokenPipe || isPipe.getAsBoolean());
        return lost;
    }

    /** Writing to a pipe fails for one reason only, but what the system says of it may be in any language. */
    private static boolean isStandardOutputAPipe() {
        try {
            int kind = (Integer) Files.getAttribute(STANDARD_OUTPUT, "unix:mode") & KIND;
            return kind == PIPE || kind == SOCKET;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
