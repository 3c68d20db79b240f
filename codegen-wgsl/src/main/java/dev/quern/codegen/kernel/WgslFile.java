package dev.quern.codegen.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A file of WGSL, and what linking must know of it.
 *
 * @param name of the file, without its ending
 * @param text as it is printed: without the lines {@code // gives:}, which only linking reads
 * @param declared the functions, types, constants and variables that it declares for every file of the kernel
 * @param parts what it is among the files of a kernel, as its lines {@code // gives:} say: {@code codec}, {@code rows},
 *     …
 * @param links the parts and functions of other files that it needs, as its lines {@code // links:} say
 * @param used the functions, types and constants that it uses and does not declare
 */
record WgslFile(
        String name, String text, Set<String> declared, Set<String> parts, Set<String> links, Set<String> used) {
    private static final String GIVES = "// gives: ";
    private static final String LINKS = "// links: ";
    private static final String BINDS = "// binds: ";

    /** Reads a file's legend and its declarations. */
    static WgslFile of(String name, String source) {
        StringBuilder text = new StringBuilder();
        Set<String> parts = new LinkedHashSet<>();
        Set<String> links = new LinkedHashSet<>();
        for (int start = 0; start < source.length(); ) {
            int end = source.indexOf('\n', start) + 1;
            String line = source.substring(start, end == 0 ? source.length() : end);
            start += line.length();
            if (line.startsWith(GIVES)) {
                parts.addAll(names(line.substring(GIVES.length())));
                continue;
            }
            if (line.startsWith(LINKS)) {
                links.addAll(names(line.substring(LINKS.length())));
            }
            text.append(line);
        }
        WgslScan scan = new WgslScan(text);
        return new WgslFile(name, text.toString(), scan.declared(), parts, links, scan.used());
    }

    /** Where the names begin that a line of the legend lists; 0 if it is no such line. */
    static int legend(String line) {
        for (String beginning : List.of(GIVES, LINKS, BINDS)) {
            if (line.startsWith(beginning)) {
                return beginning.length();
            }
        }
        return 0;
    }

    /** The file as it was read, with the lines that are not printed. */
    String source() {
        return parts.isEmpty() ? text : GIVES + String.join(", ", parts) + "\n" + text;
    }

    /** The names of a line, between commas. Not by splitting: that brings regular expressions into the browser. */
    private static List<String> names(String line) {
        List<String> names = new ArrayList<>();
        String left = line.trim();
        for (int comma = left.indexOf(", "); comma >= 0; comma = left.indexOf(", ")) {
            names.add(left.substring(0, comma));
            left = left.substring(comma + 2);
        }
        names.add(left);
        return names;
    }

    /** The file as messages name it. */
    String path() {
        return name + ".wgsl";
    }
}
