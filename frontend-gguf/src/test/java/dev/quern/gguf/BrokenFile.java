package dev.quern.gguf;

import java.util.function.Supplier;

/**
 * A file with something wrong in it, and what must be said about it.
 *
 * @param name what is wrong, in a few words
 * @param severity whether the file must be refused or only warned about
 * @param message part of the finding: its place and message
 * @param bytes the file
 */
public record BrokenFile(String name, Finding.Severity severity, String message, Supplier<byte[]> bytes) {
    static BrokenFile refused(String name, String message, Supplier<byte[]> bytes) {
        return new BrokenFile(name, Finding.Severity.ERROR, message, bytes);
    }

    static BrokenFile warned(String name, String message, Supplier<byte[]> bytes) {
        return new BrokenFile(name, Finding.Severity.WARNING, message, bytes);
    }

    @Override
    public String toString() {
        return name;
    }
}
