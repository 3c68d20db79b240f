package dev.quern.cli.store;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** What an exception of the Java library means, in words. */
public final class Reasons {
    private Reasons() {}

    /** A phrase without a full stop. */
    public static String of(IOException exception) {
        return switch (exception) {
            case NoSuchFileException e -> "there is no such file";
            case AccessDeniedException e -> "access is denied";
            case FileSystemException e -> orElse(e.getReason(), e);
            case HttpTimeoutException e -> "the server does not answer";
            case UnknownHostException e -> "there is no host " + e.getMessage();
            case ConnectException e ->
                e.getCause() instanceof UnresolvedAddressException
                                || (e.getCause() != null
                                        && e.getCause().getCause() instanceof UnresolvedAddressException)
                        ? "the host's name is unknown, or there is no network"
                        : "the connection is refused, or there is no network";
            case IOException e -> orElse(e.getMessage(), e);
        };
    }

    /** The same as a sentence, with the file's name where the exception has it. */
    public static String withFile(IOException exception) {
        return exception instanceof FileSystemException e && e.getFile() != null
                ? e.getFile() + " cannot be used: " + of(e) + "."
                : of(exception);
    }

    private static String orElse(@Nullable String message, IOException exception) {
        return message == null || message.isBlank() ? exception.getClass().getSimpleName() : message;
    }
}
