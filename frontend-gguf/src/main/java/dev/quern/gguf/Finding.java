package dev.quern.gguf;

/**
 * One thing found wrong or odd in a file.
 *
 * @param severity whether the file is refused for it
 * @param where the place: file offset, key, tensor or layer, for example {@code offset 24, key 'general.alignment'}
 * @param message what was found, what was expected and, where it is known, what to do: full sentences
 */
public record Finding(Severity severity, String where, String message) {
    /** How bad a finding is. */
    public enum Severity {
        /** The file is refused. */
        ERROR,
        /** The file can be used; the finding tells what is odd about it. */
        WARNING
    }

    /** A reason to refuse the file. */
    public static Finding error(String where, String message) {
        return new Finding(Severity.ERROR, where, message);
    }

    /** Something odd that does no harm. */
    public static Finding warning(String where, String message) {
        return new Finding(Severity.WARNING, where, message);
    }

    /** The finding on one line: {@code where: message}. */
    @Override
    public String toString() {
        return where + ": " + message;
    }
}
