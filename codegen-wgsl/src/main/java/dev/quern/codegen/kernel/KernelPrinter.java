package dev.quern.codegen.kernel;

import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Prints a kernel instance: constants, bindings, functions written for it, linked files, body. */
public final class KernelPrinter {
    private KernelPrinter() {}

    /**
     * The complete kernel.
     *
     * @throws IllegalStateException if its files do not fit together: see {@link Linker}
     */
    public static Kernel print(KernelDefinition definition) {
        StringBuilder text = new StringBuilder();
        for (KernelDefinition.Constant constant : definition.constants()) {
            text.append(
                    switch (constant) {
                        case KernelDefinition.Constant.Whole whole ->
                            "const " + whole.name() + ": u32 = " + whole.value() + "u;\n";
                        case KernelDefinition.Constant.Real real ->
                            "const " + real.name() + ": f32 = " + real.value() + "f;\n";
                    });
        }
        List<Kernel.Access> accesses = new ArrayList<>();
        for (KernelDefinition.Slot slot : definition.slots()) {
            text.append("@group(0) @binding(").append(accesses.size()).append(") ");
            text.append(declaration(slot)).append(";\n");
            accesses.add(slot.access());
        }
        List<WgslFile> files = new ArrayList<>();
        definition.written().forEach(written -> files.add(WgslFile.of(written.name(), written.text())));
        definition.files().forEach(file -> files.add(WgslFiles.read(file)));
        Linker.check(definition, files);
        for (WgslFile file : files) {
            text.append("\n").append(file.text());
        }
        return new Kernel(definition.name(), "main", accesses, definition.features(), text.toString());
    }

    private static String declaration(KernelDefinition.Slot slot) {
        String type = slot.count() == 0
                ? "array<" + slot.element() + ">"
                : "array<" + slot.element() + ", " + slot.count() + ">";
        return switch (slot.access()) {
            case READ -> "var<storage, read> " + slot.name() + ": " + type;
            case READ_WRITE -> "var<storage, read_write> " + slot.name() + ": " + type;
            case UNIFORM -> "var<uniform> " + slot.name() + ": " + type;
            case TEXTURE -> "var " + slot.name() + ": texture_storage_2d<rgba32uint, read>";
            case SAMPLED_TEXTURE -> "var " + slot.name() + ": texture_2d<u32>";
        };
    }
}
