package dev.quern.cli.terminal;

/** Numbers of things, in words: {@code 1 row}, {@code 2 rows}. */
public final class Counted {
    private Counted() {}

    /** A number of what has an ordinary plural. */
    public static String of(long number, String thing) {
        return of(number, thing, thing + "s");
    }

    /** A number of what has another. */
    public static String of(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
