package dev.quern.codegen.kernel;

import dev.quern.codegen.repack.TileGeometry;
import dev.quern.plan.Kernel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One kernel instance: the body, and what is printed before it.
 *
 * @param name unique for what the instance does: equal names mean equal kernels
 * @param constants compile-time parameters, in the order in which they are printed
 * @param slots bindings of group 0, in order
 * @param written functions that were written for this instance, beside those of the files
 * @param files names of the WGSL files, linked functions first, body last
 * @param features what the host must enable
 */
public record KernelDefinition(
        String name,
        List<Constant> constants,
        List<Slot> slots,
        List<Written> written,
        List<String> files,
        List<Kernel.Feature> features) {
    public KernelDefinition {
        constants = List.copyOf(constants);
        slots = List.copyOf(slots);
        written = List.copyOf(written);
        files = List.copyOf(files);
        features = List.copyOf(features);
    }

    /** The files that the kernel is made of: those that are linked as they are, and those that were changed for it. */
    public List<String> sources() {
        return Stream.concat(files.stream(), written.stream().flatMap(each -> each.file().stream()))
                .distinct()
                .toList();
    }

    /** The value of a whole constant. */
    public long whole(String constant) {
        for (Constant each : constants) {
            if (each instanceof Constant.Whole whole && whole.name().equals(constant)) {
                return whole.value();
            }
        }
        throw new IllegalArgumentException(name + " has no constant " + constant);
    }

    /**
     * WGSL that stands in no file.
     *
     * @param name by which people know it
     * @param text as that of a file
     * @param file which was changed into it, if one was
     */
    public record Written(String name, String text, Optional<String> file) {
        /** WGSL that was made of no file. */
        public Written(String name, String text) {
            this(name, text, Optional.empty());
        }
    }

    /** A compile-time parameter. */
    public sealed interface Constant {
        String name();

        /** What every kernel that reads a tiled weight is told of it. */
        static List<Constant> of(TileGeometry geometry) {
            return List.of(
                    new Whole("ROWS", geometry.rows()),
                    new Whole("COLUMNS", geometry.columns()),
                    new Whole("BLOCKS", geometry.blocks()),
                    new Whole("TILES", geometry.tiles()),
                    new Whole("TILE_TEXELS", geometry.tileTexels()));
        }

        /** {@code const NAME: u32}. */
        record Whole(String name, long value) implements Constant {}

        /** {@code const NAME: f32}. */
        record Real(String name, float value) implements Constant {}
    }

    /**
     * A binding.
     *
     * @param name of the variable
     * @param access how it is bound
     * @param element the WGSL type of an element; ignored for textures
     * @param count number of elements, or 0 for a run-time sized array; uniforms are sized
     */
    public record Slot(String name, Kernel.Access access, String element, long count) {
        public static Slot read(String name, String element) {
            return new Slot(name, Kernel.Access.READ, element, 0);
        }

        public static Slot readWrite(String name, String element) {
            return new Slot(name, Kernel.Access.READ_WRITE, element, 0);
        }

        public static Slot uniform(String name, String element, long count) {
            return new Slot(name, Kernel.Access.UNIFORM, element, count);
        }

        public static Slot texture(String name) {
            return new Slot(name, Kernel.Access.TEXTURE, "u32", 0);
        }

        public static Slot sampledTexture(String name) {
            return new Slot(name, Kernel.Access.SAMPLED_TEXTURE, "u32", 0);
        }
    }
}
