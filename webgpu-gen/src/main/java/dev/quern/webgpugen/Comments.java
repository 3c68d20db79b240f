package dev.quern.webgpugen;

import java.util.regex.Pattern;

/** Turns comments of the headers, which are written for Doxygen, into Javadoc. */
final class Comments {
    private static final Pattern CODE = Pattern.compile("@[cp] (\\S+?)(?=[.,;:)]?(?:\\s|$))");
    private static final Pattern REFERENCE = Pattern.compile("[@\\\\]ref (\\w+)");
    private static final Pattern COMMAND =
            Pattern.compile("[@\\\\](brief|code|endcode|note|warning|remark|b|copydoc)\\b ?");
    private static final Pattern PARAGRAPH_END = Pattern.compile("\n\\s*\n");
    private static final Pattern TAG = Pattern.compile("[@\\\\](param|returns?)\\b");

    private Comments() {}

    /** The text of a block comment without its stars. */
    static String block(String comment) {
        String inner = comment.substring(3, comment.length() - 2);
        return inner.lines()
                .map(line -> line.strip().startsWith("*") ? line.strip().substring(1) : line.strip())
                .map(String::strip)
                .reduce("", (text, line) -> text.isEmpty() ? line : text + "\n" + line)
                .strip();
    }

    /**
     * Javadoc for a comment: paragraphs where the comment has empty lines, code and references as code, and everything
     * that Javadoc would take for markup made plain. The first line names the C declaration.
     */
    static String javadoc(String name, String comment) {
        var text = new StringBuilder("{@code " + name + "}.");
        if (comment.isBlank()) {
            return text.append('\n').toString();
        }
        String plain = comment.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        plain = COMMAND.matcher(plain).replaceAll("");
        plain = REFERENCE.matcher(plain).replaceAll("$1");
        plain = CODE.matcher(plain).replaceAll("<code>$1</code>");
        plain = TAG.matcher(plain).replaceAll("<b>$1</b>");
        plain = plain.replace("{", "&#123;")
                .replace("}", "&#125;")
                .replace("@", "&#64;")
                .replace("*/", "*&#47;");
        for (String paragraph : PARAGRAPH_END.split(plain, -1)) {
            text.append("\n\n<p>").append(paragraph.strip());
        }
        return text.append('\n').toString();
    }
}
