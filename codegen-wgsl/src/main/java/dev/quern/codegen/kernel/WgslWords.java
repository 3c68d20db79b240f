package dev.quern.codegen.kernel;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Rewrites the words of a WGSL file: names of variables, functions, types and constants, where they are declared and
 * where they are used, and in the lines of the legend that list names. Members, which stand behind a dot, and words of
 * other comments stay as they are.
 */
final class WgslWords {
    private final String text;
    private final UnaryOperator<String> change;
    private final UnaryOperator<String> changeOfLegend;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private WgslWords(String text, UnaryOperator<String> change, UnaryOperator<String> changeOfLegend) {
        this.text = text;
        this.change = change;
        this.changeOfLegend = changeOfLegend;
    }

    /** Every word of the code; members among them where they are declared. */
    static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        StringBuilder code = new StringBuilder();
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start) + 1;
            String line = text.substring(start, end == 0 ? text.length() : end);
            start += line.length();
            if (!line.startsWith("//")) {
                code.append(line);
            }
        }
        UnaryOperator<String> collect = word -> {
            words.add(word);
            return word;
        };
        new WgslWords(code.toString(), collect, collect).rewritten();
        return words;
    }

    /**
     * The file with other words, without attributes: what was an entry point is a function like others, which takes
     * what the entry point was given.
     *
     * @param change of words of the code
     * @param changeOfLegend of names in the legend, which may be parts of a kernel
     */
    static String rewritten(String text, UnaryOperator<String> change, UnaryOperator<String> changeOfLegend) {
        return new WgslWords(text, change, changeOfLegend).rewritten();
    }

    private String rewritten() {
        while (at < text.length()) {
            char here = text.charAt(at);
            if (text.startsWith("//", at)) {
                comment();
            } else if (here == '@') {
                skipAttribute();
            } else if (isDigit(here)) {
                out.append(word());
            } else if (isLetter(here)) {
                boolean member = !out.isEmpty() && out.charAt(out.length() - 1) == '.';
                String word = word();
                out.append(member ? word : change.apply(word));
            } else {
                out.append(here);
                at++;
            }
        }
        return out.toString();
    }

    private void comment() {
        int end = text.indexOf('\n', at) + 1;
        String line = text.substring(at, end == 0 ? text.length() : end);
        at += line.length();
        int names = WgslFile.legend(line);
        if (names == 0) {
            out.append(line);
        } else {
            out.append(line, 0, names)
                    .append(new WgslWords(line.substring(names), changeOfLegend, changeOfLegend).rewritten());
        }
    }

    /** An attribute, with what stands in parentheses behind it and the blanks after that. */
    private void skipAttribute() {
        at++;
        word();
        if (at < text.length() && text.charAt(at) == '(') {
            at = text.indexOf(')', at) + 1;
        }
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
    }

    private String word() {
        int start = at;
        while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isDigit(char digit) {
        return digit >= '0' && digit <= '9';
    }

    private static boolean isLetter(char letter) {
        return letter == '_' || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    }
}
