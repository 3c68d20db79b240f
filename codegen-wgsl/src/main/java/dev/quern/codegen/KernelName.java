package dev.quern.codegen;

import dev.quern.ir.Encoding;
import dev.quern.ir.Rotation;
import java.util.Optional;

/** Reads the name of a kernel instance from left to right: a name says all that is fixed at compile time. */
final class KernelName {
    private final String name;
    private int at;

    KernelName(String name) {
        this.name = name;
    }

    /** Whether the name continues with this text; if so, reading moves past it. */
    boolean take(String text) {
        if (!name.startsWith(text, at)) {
            return false;
        }
        at += text.length();
        return true;
    }

    /** The next part must be this one. */
    void expect(String text) {
        if (!take(text)) {
            throw unknown();
        }
    }

    /** A whole number. */
    int whole() {
        int start = at;
        while (at < name.length() && name.charAt(at) >= '0' && name.charAt(at) <= '9') {
            at++;
        }
        return (int) number(start, 10, Integer.MAX_VALUE);
    }

    /** An underscore and a whole number. */
    int nextWhole() {
        expect("_");
        return whole();
    }

    /** An underscore and the bits of a float. */
    float nextReal() {
        expect("_");
        int start = at;
        while (at < name.length() && Character.digit(name.charAt(at), 16) >= 0) {
            at++;
        }
        return Float.intBitsToFloat((int) number(start, 16, 0xffffffffL));
    }

    /** The encoding of a matrix and its sizes, which the operand's type says too. */
    void matrix() {
        encoding();
        nextWhole();
        expect("x");
        whole();
    }

    /** The encoding of an operand, which its type says too; a number follows. */
    void encoding() {
        for (int end = name.indexOf('_', at); end > 0; end = name.indexOf('_', end + 1)) {
            Optional<Encoding> encoding = Encoding.named(name.substring(at, end));
            if (encoding.isPresent() && end + 1 < name.length() && Character.isDigit(name.charAt(end + 1))) {
                at = end;
                return;
            }
        }
        throw unknown();
    }

    /** {@code HEAD_ROTARY_PAIRING}; frequencies are not in a kernel but in its table. */
    Rotation nextRotation() {
        int headSize = nextWhole();
        int rotary = nextWhole();
        expect("_");
        if (rotary < 2 || rotary % 2 != 0 || rotary > headSize) {
            throw unknown();
        }
        for (Rotation.Pairing pairing : Rotation.Pairing.values()) {
            if (take(pairing.text())) {
                return new Rotation(headSize, rotary, 10_000, 1, pairing);
            }
        }
        throw unknown();
    }

    /** Nothing may follow. */
    void end() {
        if (at < name.length()) {
            throw unknown();
        }
    }

    SelectionException unknown() {
        return new SelectionException("There is no kernel @" + name
                + ". A kernel's name is what it computes and all that is fixed in it, as the compiler writes it when it"
                + " lowers a graph to the dispatch stage.");
    }

    private long number(int start, int radix, long max) {
        if (start == at || at - start > 10) {
            throw unknown();
        }
        long number = Long.parseLong(name.substring(start, at), radix);
        if (number > max) {
            throw unknown();
        }
        return number;
    }
}
