package dev.quern.webgpugen;

import dev.quern.webgpugen.Declaration.Alias;
import dev.quern.webgpugen.Declaration.Constant;
import dev.quern.webgpugen.Declaration.Enumeration;
import dev.quern.webgpugen.Declaration.Function;
import dev.quern.webgpugen.Declaration.Handle;
import dev.quern.webgpugen.Declaration.Structure;
import dev.quern.webgpugen.Declaration.TypeUse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Keeps of all declarations the ones that are asked for, and those that they mention, directly or not. */
final class Selection {
    private final TypeTable table;
    private final Set<String> kept = new HashSet<>();

    private Selection(TypeTable table) {
        this.table = table;
    }

    /**
     * The wanted declarations and all they need, in the order of the headers. Constants are always kept.
     *
     * @throws HeaderException naming every wanted name that the headers lack
     */
    static List<Declaration> of(TypeTable table, List<String> wanted) {
        var missing = new TreeSet<String>();
        var selection = new Selection(table);
        for (String name : wanted) {
            if (table.find(name) == null) {
                missing.add(name);
            } else {
                selection.keep(name);
            }
        }
        if (!missing.isEmpty()) {
            throw new HeaderException(
                    "The list of names asks for " + String.join(", ", missing)
                            + ", which the headers do not declare. Take the names from the list, or take the headers that have them.");
        }
        var result = new ArrayList<Declaration>();
        for (Declaration declaration : table.declarations()) {
            if (declaration instanceof Constant || selection.kept.contains(declaration.name())) {
                result.add(declaration);
            }
        }
        return result;
    }

    private void keep(String name) {
        Declaration declaration = table.find(name);
        if (declaration == null || !kept.add(name)) {
            return;
        }
        switch (declaration) {
            case Structure structure -> structure.fields().forEach(field -> keep(field.type()));
            case Function function -> keep(function.result(), function.parameters());
            case Declaration.Callback callback -> keep(callback.result(), callback.parameters());
            case Alias alias -> keep(alias.target());
            case Enumeration enumeration -> {}
            case Handle handle -> {}
            case Constant constant -> {}
        }
    }

    private void keep(TypeUse result, List<Declaration.Parameter> parameters) {
        keep(result);
        parameters.forEach(parameter -> keep(parameter.type()));
    }

    private void keep(TypeUse use) {
        keep(use.name());
    }
}
