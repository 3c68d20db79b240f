package dev.quern.codegen.kernel;

import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelDefinition.Written;
import dev.quern.plan.Kernel;
import java.util.List;

/**
 * How kernels are named: a short spelling of what they compute, for people, and a digest of all that is fixed in them,
 * so that equal names mean equal kernels. Nobody reads a name back.
 */
public final class KernelNames {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private long hash = FNV_OFFSET;

    private KernelNames() {}

    /**
     * A kernel with a name of its own.
     *
     * @param spelling what the name begins with, for people
     */
    public static KernelDefinition named(
            String spelling,
            List<Constant> constants,
            List<Slot> slots,
            List<String> files,
            List<Kernel.Feature> features) {
        return named(spelling, constants, slots, List.of(), files, features);
    }

    /** The same, with functions that were written for it. */
    public static KernelDefinition named(
            String spelling,
            List<Constant> constants,
            List<Slot> slots,
            List<Written> written,
            List<String> files,
            List<Kernel.Feature> features) {
        return new KernelDefinition(
                of(spelling, constants, slots, written, files, features), constants, slots, written, files, features);
    }

    private static String of(
            String spelling,
            List<Constant> constants,
            List<Slot> slots,
            List<Written> written,
            List<String> files,
            List<Kernel.Feature> features) {
        KernelNames digest = new KernelNames();
        for (Constant constant : constants) {
            digest.add(constant.name());
            digest.add(
                    switch (constant) {
                        case Constant.Whole whole -> "u" + whole.value();
                        case Constant.Real real -> "f" + Float.floatToRawIntBits(real.value());
                    });
        }
        for (Slot slot : slots) {
            digest.add(slot.name());
            digest.add(slot.access().text());
            digest.add(slot.element());
            digest.add(Long.toString(slot.count()));
        }
        written.forEach(each -> digest.add(each.text()));
        files.forEach(digest::add);
        features.forEach(feature -> digest.add(feature.text()));
        return spelling + "_" + digest.hexadecimal();
    }

    /** FNV-1a over the characters, and an end that no character is. */
    private void add(String text) {
        for (int index = 0; index < text.length(); index++) {
            add(text.charAt(index));
        }
        add(0x10000);
    }

    private void add(int character) {
        hash = (hash ^ character) * FNV_PRIME;
    }

    private String hexadecimal() {
        String digits = Integer.toHexString((int) (hash ^ (hash >>> 32)));
        return "0".repeat(8 - digits.length()) + digits;
    }
}
