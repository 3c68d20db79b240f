package dev.quern.ir.text;

/** Numbers of things in messages. */
public final class Count {
    private Count() {}

    /** {@code 1 result}, {@code 2 results}. */
    public static String of(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
