package dev.quern.webgpugen;

import java.util.Locale;
import javax.lang.model.SourceVersion;

/**
 * Java's spelling of C names. Types and functions keep their C names, so that they are found in the headers' documents.
 */
final class JavaNames {
    private JavaNames() {}

    /** {@code WGPUAdapterType_DiscreteGPU} as {@code DISCRETE_GPU}: the part after the first underscore, in words. */
    static String constant(String name) {
        String words = words(name.substring(name.indexOf('_') + 1));
        return Character.isDigit(words.charAt(0)) ? "_" + words : words;
    }

    /** Words in capitals, parted by underscores: {@code minStorageBuffer} as {@code MIN_STORAGE_BUFFER}. */
    static String words(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2")
                .replaceAll("([A-Z0-9])([A-Z][a-z])", "$1_$2")
                .toUpperCase(Locale.ROOT);
    }

    /** A name for a variable or method that Java does not reserve. */
    static String variable(String name) {
        return SourceVersion.isKeyword(name) ? name + "_" : name;
    }
}
