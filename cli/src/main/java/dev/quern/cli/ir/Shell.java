package dev.quern.cli.ir;

/** Words of command lines. */
public final class Shell {
    private static final String PLAIN = "@%+=:,./-_";

    private Shell() {}

    /** The word so that a POSIX shell takes it as one. */
    public static String quoted(String word) {
        boolean plain = !word.isEmpty()
                && word.chars()
                        .allMatch(c -> PLAIN.indexOf(c) >= 0
                                || (c >= '0' && c <= '9')
                                || (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z'));
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
