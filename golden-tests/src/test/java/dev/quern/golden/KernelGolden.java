package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.quern.codegen.KernelInstances;
import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelPrinter;
import java.util.Map;

/**
 * {@code kernels/PROFILE/NAME.wgsl}: the complete text of a kernel instance. For each profile there is one instance of
 * every kernel, and of the matrix kernels one of every encoding, every input, every finish and every number of tokens
 * that makes a difference.
 */
final class KernelGolden {
    private static final Map<String, KernelDefinition> INSTANCES = KernelInstances.all();

    private KernelGolden() {}

    static void run(String path) {
        KernelDefinition instance = INSTANCES.get(path);
        assertNotNull(
                instance,
                () -> "no kernel is kept in " + path + "; KernelInstances says which are. Delete the file,"
                        + " if the kernel is gone.");
        Goldens.check(path, KernelPrinter.print(instance).source());
    }

    /** The instances by path of their file. */
    static Map<String, KernelDefinition> all() {
        return INSTANCES;
    }
}
