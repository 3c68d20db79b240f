package dev.quern.codegen.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks that the files of a kernel fit together: each name is declared once, each name that is used is declared, and
 * each part that a file says it links is given by one other file. What a driver would say of a kernel for which this
 * does not hold names no file.
 */
final class Linker {
    private final String kernel;
    private final List<WgslFile> files;

    /** Where each declared name stands: in a file, or before all of them. */
    private final Map<String, String> declarations = new LinkedHashMap<>();

    /** Which file gives each part. */
    private final Map<String, String> parts = new LinkedHashMap<>();

    private Linker(String kernel, List<WgslFile> files) {
        this.kernel = kernel;
        this.files = files;
    }

    /**
     * Checks the files of a kernel.
     *
     * @throws IllegalStateException naming the files that do not fit
     */
    static void check(KernelDefinition definition, List<WgslFile> files) {
        Linker linker = new Linker(definition.name(), files);
        definition.constants().forEach(constant -> linker.declare(constant.name(), "the kernel's constants"));
        definition.slots().forEach(slot -> linker.declare(slot.name(), "the kernel's bindings"));
        for (WgslFile file : files) {
            file.declared().forEach(name -> linker.declare(name, file.path()));
            file.parts().forEach(part -> linker.give(part, file.path()));
        }
        files.forEach(linker::checkLinks);
        files.forEach(linker::checkUses);
    }

    private void declare(String name, String where) {
        String other = declarations.putIfAbsent(name, where);
        if (other != null) {
            throw problem("'" + name + "' is declared twice, in " + other + " and in " + where);
        }
    }

    private void give(String part, String file) {
        String other = parts.putIfAbsent(part, file);
        if (other != null) {
            throw problem("the part '" + part + "' is given twice, by " + other + " and by " + file);
        }
    }

    private void checkLinks(WgslFile file) {
        for (String link : file.links()) {
            String part = parts.get(link);
            String declaration = declarations.get(link);
            boolean given = part != null && !part.equals(file.path());
            boolean declared = declaration != null && !declaration.equals(file.path());
            if (!given && !declared) {
                throw problem(
                        file.path() + " links '" + link + "', which no other of its files gives: " + others(file));
            }
        }
    }

    private void checkUses(WgslFile file) {
        for (String name : file.used()) {
            if (!declarations.containsKey(name)) {
                throw problem(file.path() + " uses '" + name + "', which none of its files declares: " + others(file));
            }
        }
    }

    private String others(WgslFile file) {
        return String.join(
                ", ",
                files.stream()
                        .filter(each -> !each.equals(file))
                        .map(WgslFile::path)
                        .toList());
    }

    private IllegalStateException problem(String what) {
        return new IllegalStateException("the kernel " + kernel + " does not link: " + what);
    }
}
