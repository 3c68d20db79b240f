package dev.quern.codegen.kernel;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Finds what a WGSL file declares and what it uses. Types and constants are told from variables by their first letter,
 * which is a capital in every kernel and in nothing that WGSL itself has; functions by the parenthesis behind them.
 */
final class WgslScan {
    /**
     * Words that may stand before a parenthesis: keywords, and the functions and constructors of WGSL that kernels use.
     */
    private static final Set<String> LANGUAGE = Set.of(
            // Keywords.
            "if",
            "else",
            "for",
            "while",
            "loop",
            "switch",
            "case",
            "return",
            // Constructors.
            "f32",
            "i32",
            "u32",
            "bool",
            "vec2f",
            "vec3f",
            "vec4f",
            "vec2i",
            "vec3i",
            "vec4i",
            "vec2u",
            "vec3u",
            "vec4u",
            "array",
            // Functions.
            "abs",
            "acos",
            "all",
            "any",
            "arrayLength",
            "atan2",
            "atomicAnd",
            "atomicOr",
            "atomicStore",
            "bitcast",
            "ceil",
            "clamp",
            "cos",
            "cosh",
            "countOneBits",
            "dot",
            "dot4I8Packed",
            "dot4U8Packed",
            "exp",
            "exp2",
            "extractBits",
            "floor",
            "fma",
            "fract",
            "insertBits",
            "inverseSqrt",
            "ldexp",
            "length",
            "log",
            "log2",
            "max",
            "min",
            "mix",
            "pack2x16float",
            "pow",
            "round",
            "select",
            "sign",
            "sin",
            "sinh",
            "sqrt",
            "step",
            "tan",
            "tanh",
            "textureLoad",
            "trunc",
            "unpack2x16float",
            "unpack4xI8",
            "unpack4xU8",
            "workgroupBarrier",
            "storageBarrier",
            "workgroupUniformLoad",
            // Functions of subgroups.
            "subgroupAdd",
            "subgroupBroadcast",
            "subgroupMax",
            "subgroupMin",
            "subgroupShuffle",
            "subgroupShuffleXor");

    private final CharSequence text;
    private final Set<String> declared = new LinkedHashSet<>();
    private final Set<String> inner = new LinkedHashSet<>();
    private final Set<String> used = new LinkedHashSet<>();
    private int at;

    WgslScan(CharSequence text) {
        this.text = text;
        scan();
        used.removeAll(declared);
        used.removeAll(inner);
    }

    /** Names declared outside of all braces. */
    Set<String> declared() {
        return declared;
    }

    /** Names that some other file or the kernel's definition must declare. */
    Set<String> used() {
        return used;
    }

    private void scan() {
        int depth = 0;
        char before = ' ';
        while (at < text.length()) {
            char here = text.charAt(at);
            if (here == '/' && at + 1 < text.length() && text.charAt(at + 1) == '/') {
                skipLine();
            } else if (isDigit(here)) {
                // A number, with its suffix; what follows the sign of an exponent is another number.
                word();
            } else if (isLetter(here)) {
                String word = word();
                if (before != '@' && before != '.') {
                    meet(word, depth);
                }
                before = ' ';
            } else {
                depth += here == '{' ? 1 : here == '}' ? -1 : 0;
                before = here;
                at++;
            }
        }
    }

    private void meet(String word, int depth) {
        switch (word) {
            case "fn", "struct", "alias", "const", "override" -> declare(depth);
            case "var" -> {
                if (peek() == '<') {
                    while (text.charAt(at) != '>') {
                        at++;
                    }
                    at++;
                }
                declare(depth);
            }
            default -> {
                boolean capital = word.charAt(0) >= 'A' && word.charAt(0) <= 'Z';
                if (capital || (peek() == '(' && !LANGUAGE.contains(word))) {
                    used.add(word);
                }
            }
        }
    }

    /** Takes the name that follows. */
    private void declare(int depth) {
        peek();
        (depth == 0 ? declared : inner).add(word());
    }

    /** Skips blanks and gives the character after them. */
    private char peek() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return at < text.length() ? text.charAt(at) : ' ';
    }

    private String word() {
        int start = at;
        while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
            at++;
        }
        return text.subSequence(start, at).toString();
    }

    private void skipLine() {
        while (at < text.length() && text.charAt(at) != '\n') {
            at++;
        }
    }

    private static boolean isDigit(char digit) {
        return digit >= '0' && digit <= '9';
    }

    private static boolean isLetter(char letter) {
        return letter == '_' || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    }
}
