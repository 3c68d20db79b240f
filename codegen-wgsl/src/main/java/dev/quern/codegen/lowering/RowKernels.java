package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;

/** The kernels of products whose workgroups serve four tiles of rows: those of lanes and those of groups. */
final class RowKernels {
    /** How an element of the input is read, whose elements are bound four by four. */
    static final String INPUT = "x[index / 4u][index % 4u]";

    /** Tiles of eight rows that a workgroup serves. */
    static final int TILES = 4;

    private RowKernels() {}

    /** Workgroups that serve all rows; two halves meet in one where there are two parts. */
    static long groups(Product product) {
        return product.parted()
                ? Math.ceilDiv(product.geometry().tilesOfPart(), TILES / 2L)
                : Math.ceilDiv(product.geometry().tiles(), (long) TILES);
    }

    /** How rows are divided among workgroups, behind their number. */
    static String rows(Product product) {
        return product.parted()
                ? "two tiles of eight rows of the first part each, and the same rows of the other, which meet where they"
                        + " are finished."
                : "four tiles of eight rows each.";
    }

    /**
     * A kernel.
     *
     * @param sizes that are constants of the skeleton
     * @param linked what the skeleton links beside codec, input, rows and finish
     */
    static KernelDefinition definition(
            String skeleton,
            Product product,
            Finish finish,
            Slot input,
            List<Constant> sizes,
            List<String> linked,
            List<Kernel.Feature> features) {
        List<Constant> constants = new ArrayList<>(Constant.of(product.geometry()));
        List<Slot> slots =
                new ArrayList<>(List.of(Matrices.slot(product.profile().placement()), input));
        product.sum().ifPresent(_ -> {
            slots.add(new Slot("residual", input.access(), input.element(), input.count()));
            slots.add(Slot.uniform("post_gain", "vec4f", product.geometry().columns() / 4));
        });
        product.epsilon().ifPresent(epsilon -> {
            constants.add(epsilon);
            slots.add(Slot.uniform("gain", "vec4f", product.geometry().columns() / 4));
        });
        constants.addAll(sizes);
        constants.addAll(product.place());
        slots.addAll(finish.slots());
        List<String> files =
                Matrices.codec(product.geometry(), product.profile().placement());
        if (product.sum().isPresent()) {
            files.add("input/sum");
            files.add(product.epsilon().isPresent() ? "input/gained" : "input/ungained");
        } else {
            files.add(product.epsilon().isPresent() ? "input/normed" : "input/plain");
        }
        files.add(product.rows(product.parted() ? "rows/two_parts" : "rows/plain"));
        files.addAll(linked);
        files.add(skeleton);
        return KernelNames.named(
                product.spelling(skeleton, finish), constants, slots, List.of(finish.written()), files, features);
    }
}
